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

{{- /* The name of its ConfigMap: in another namespace than the release's there may be those of other releases. */ -}}
{{- define "ebb.adapterRules" -}}
{{- $elsewhere := ne (.Values.adapter.namespace | default .Release.Namespace) .Release.Namespace -}}
{{- if $elsewhere }}{{ .Release.Namespace }}-{{ end }}{{ include "ebb.name" . }}-adapter-rules
{{- end -}}

{{- /* In by few: a pod that is taken away holds its work for minutes. Out at once. */ -}}
{{- define "ebb.safeBehavior" -}}
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

{{- /* A given behavior: what it leaves out is the safe one's. By hand, since `merge` takes a given 0 for nothing. */ -}}
{{- define "ebb.behavior" -}}
{{- $behavior := include "ebb.safeBehavior" . | fromYaml -}}
{{- range $way, $fields := . -}}
  {{- range $field, $value := $fields -}}
    {{- $_ := set (index $behavior $way) $field $value -}}
  {{- end -}}
{{- end -}}
{{- toYaml $behavior -}}
{{- end -}}
