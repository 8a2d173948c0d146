{{- define "ebb.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "ebb.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- /* Of an object called NAME, in the release's namespace or another: (list . NAME [NAMESPACE]). */ -}}
{{- define "ebb.named" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 | quote }}
namespace: {{ slice . 2 | first | default $root.Release.Namespace | quote }}
labels: {{- include "ebb.labels" $root | nindent 2 }}
{{- end -}}

{{- define "ebb.metadata" -}}
{{- include "ebb.named" (list . (include "ebb.name" .)) -}}
{{- end -}}

{{- define "ebb.serviceAccount" -}}
{{- $own := .Values.serviceAccount.create | ternary (include "ebb.name" .) "default" -}}
{{- .Values.serviceAccount.name | default $own -}}
{{- end -}}

{{- define "ebb.subjects" -}}
{{- range prepend .Values.rbac.serviceAccounts (include "ebb.serviceAccount" .) | uniq -}}
- {kind: ServiceAccount, name: {{ . | quote }}, namespace: {{ $.Release.Namespace | quote }}}
{{ end -}}
{{- end -}}

{{- /* A setting as its user wrote it: helm reads numbers as floating point, and would print a million as 1e+06. */ -}}
{{- define "ebb.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) -}}{{ int64 . }}{{ else }}{{ toString . }}{{ end -}}
{{- end -}}

{{- /* Labels and annotations are texts to the API server, which refuses a number or a boolean there. */ -}}
{{- define "ebb.texts" -}}
{{- $texts := dict -}}
{{- range $name, $value := . -}}
  {{- $_ := set $texts $name (include "ebb.text" $value) -}}
{{- end -}}
{{- toYaml $texts -}}
{{- end -}}
