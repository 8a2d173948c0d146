{{- define "ebb.matchLabels" -}}
{{- include "ebb.texts" (.Values.executor.matchLabels | default (dict "app" .Values.executor.name)) -}}
{{- end -}}

{{- /* Where none are given, as many as run: helm would take back a number of before, and the server then sets 1. A
`helm template` sees none. */ -}}
{{- define "ebb.replicas" -}}
{{- if hasKey .Values.executor "replicas" -}}{{ .Values.executor.replicas }}
{{- else -}}
  {{- with lookup "apps/v1" "StatefulSet" .Release.Namespace .Values.executor.name -}}{{ .spec.replicas }}{{- end -}}
{{- end -}}
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

{{- define "ebb.handlerPath" -}}/opt/dremio/bin/autoscale-handler.sh{{- end -}}

{{- /* Whether a hook calls the script and the image has none: Dremio's own. */ -}}
{{- define "ebb.handler" -}}
{{- $e := .Values.executor -}}
{{- $called := contains (include "ebb.handlerPath" .) (include "ebb.lifecycle" .) -}}
{{- if and $e.create (not $e.derivedImage) $called -}}true{{- end -}}
{{- end -}}
