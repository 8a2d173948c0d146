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

{{- define "ebb.metadata" -}}
name: {{ include "ebb.name" . }}
namespace: {{ .Release.Namespace }}
labels: {{- include "ebb.labels" . | nindent 2 }}
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

{{- define "ebb.targetType" -}}
{{- dig "metric" "target" "type" "" (include "ebb.hpa" . | fromYaml) | default "AverageValue" -}}
{{- end -}}

{{- define "ebb.adapter" -}}
{{- if eq (toString .Values.adapter.configMap) "auto" -}}{{ if include "ebb.hpa" . | fromYaml }}true{{ end -}}
{{- else if .Values.adapter.configMap -}}true{{- end -}}
{{- end -}}
