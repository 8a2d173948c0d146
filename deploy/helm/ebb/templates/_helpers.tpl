{{- define "ebb.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "ebb.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- /* Of an object called NAME: (list . NAME). */ -}}
{{- define "ebb.named" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ $root.Release.Namespace }}
labels: {{- include "ebb.labels" $root | nindent 2 }}
{{- end -}}

{{- define "ebb.metadata" -}}
{{- include "ebb.named" (list . (include "ebb.name" .)) -}}
{{- end -}}

{{- define "ebb.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "ebb.name" .) -}}
{{- end -}}

{{- /* The original guide writes the fields of `hpa` beside it, one level too high: they count there as well. */ -}}
{{- define "ebb.hpa" -}}
{{- merge (deepCopy (.Values.hpa | default dict)) (pick .Values "minReplicas" "maxReplicas" "metric") | toYaml -}}
{{- end -}}

{{- define "ebb.metric" -}}
{{- dig "metric" "metricName" "" (include "ebb.hpa" . | fromYaml) | default "fragments_active" -}}
{{- end -}}

{{- /* The recorded sum that is scaled by: of the fragments, whatever the release calls them, else of that metric. */ -}}
{{- define "ebb.sum" -}}
{{- $fragments := list "ebb_fragments_active" "exec_fragments_active" "fragments_active" "scheduler_active_fragments_current" -}}
{{- $metric := include "ebb.metric" . -}}
{{- printf "ebb:%s:sum" (has $metric $fragments | ternary "fragments_active" $metric) -}}
{{- end -}}

{{- define "ebb.targetType" -}}
{{- dig "metric" "target" "type" "" (include "ebb.hpa" . | fromYaml) | default "AverageValue" -}}
{{- end -}}

{{- define "ebb.adapter" -}}
{{- if eq (toString .Values.adapter.configMap) "auto" -}}{{ if include "ebb.hpa" . | fromYaml }}true{{ end -}}
{{- else if .Values.adapter.configMap -}}true{{- end -}}
{{- end -}}

{{- /* In by few: a pod that is taken away holds its work for minutes. Out at once. */ -}}
{{- define "ebb.behavior" -}}
scaleDown:
  stabilizationWindowSeconds: 300
  policies:
    - {type: Pods, value: 1, periodSeconds: 60}
scaleUp:
  stabilizationWindowSeconds: 0
  policies:
    - {type: Percent, value: 100, periodSeconds: 60}
    - {type: Pods, value: 4, periodSeconds: 60}
{{- end -}}

{{- /* A setting as its user wrote it: helm reads numbers as floating point, and would print a million as 1e+06. */ -}}
{{- define "ebb.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) -}}{{ int64 . }}{{ else }}{{ toString . }}{{ end -}}
{{- end -}}

{{- /* Nothing that a container of ours needs is forbidden by this. */ -}}
{{- define "ebb.container" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- /* The original guide once writes postStop for postStart. */ -}}
{{- define "ebb.lifecycle" -}}
{{- $hooks := omit (.Values.executor.lifecycle | default dict) "postStop" -}}
{{- with dig "postStop" "" (.Values.executor.lifecycle | default dict) -}}
{{- $hooks = merge $hooks (dict "postStart" .) -}}
{{- end -}}
{{- toYaml $hooks -}}
{{- end -}}

{{- define "ebb.subjects" -}}
{{- range prepend .Values.rbac.serviceAccounts (include "ebb.serviceAccount" .) | uniq -}}
- {kind: ServiceAccount, name: {{ . }}, namespace: {{ $.Release.Namespace }}}
{{ end -}}
{{- end -}}
