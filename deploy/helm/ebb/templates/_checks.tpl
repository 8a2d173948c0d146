{{- /* What values.schema.json cannot say: each failure names the value and the mend. */ -}}
{{- define "ebb.checks" -}}
{{- $v := .Values -}}
{{- if not $v.existingSecret -}}
  {{- if not $v.secrets -}}
    {{- fail "secrets: no credentials: set secrets.DREMIO_URL, secrets.DREMIO_USER and secrets.DREMIO_PASSWORD, or existingSecret to a Secret with these keys" -}}
  {{- end -}}
  {{- if not $v.secrets.DREMIO_URL -}}
    {{- fail "secrets.DREMIO_URL: missing: set it to the coordinator, such as http://dremio-client:9047" -}}
  {{- end -}}
  {{- if not $v.secrets.DREMIO_TOKEN -}}
    {{- if not $v.secrets.DREMIO_USER -}}
      {{- fail "secrets.DREMIO_USER: missing: set it with secrets.DREMIO_PASSWORD, or set secrets.DREMIO_TOKEN" -}}
    {{- end -}}
    {{- if not $v.secrets.DREMIO_PASSWORD -}}
      {{- fail "secrets.DREMIO_PASSWORD: missing: set it beside secrets.DREMIO_USER, or set secrets.DREMIO_TOKEN" -}}
    {{- end -}}
  {{- end -}}
{{- else if $v.secrets -}}
  {{- fail (printf "existingSecret: %s, beside secrets: only one of them can hold the credentials: remove one" $v.existingSecret) -}}
{{- end -}}
{{- $grace := int $v.executor.terminationGracePeriodSeconds -}}
{{- if lt $grace 5 -}}
  {{- fail (printf "executor.terminationGracePeriodSeconds: %d: under 5 s no executor can be drained: set it, and the pods', to 720 where queries may run for ten minutes" $grace) -}}
{{- end -}}
{{- with include "ebb.hpa" . | fromYaml -}}
  {{- $least := int (.minReplicas | default 1) -}}
  {{- if not .maxReplicas -}}
    {{- fail "hpa.maxReplicas: missing: set it to the most executors that may run" -}}
  {{- end -}}
  {{- if lt (int .maxReplicas) $least -}}
    {{- fail (printf "hpa.maxReplicas: %d: less than hpa.minReplicas, %d: set it to at least that" (int .maxReplicas) $least) -}}
  {{- end -}}
  {{- if hasKey $v.executor "replicas" -}}
    {{- fail (printf "executor.replicas: %v: beside hpa each upgrade would set the executors back to it: remove it, and set hpa.minReplicas" $v.executor.replicas) -}}
  {{- end -}}
{{- end -}}
{{- if and $v.podMonitor (not (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PodMonitor")) -}}
  {{- fail "podMonitor: the cluster has no PodMonitor (monitoring.coreos.com/v1): install the Prometheus operator, or set podMonitor: null; to render without a cluster add --api-versions monitoring.coreos.com/v1/PodMonitor" -}}
{{- end -}}
{{- if and $v.prometheusRule.enabled (not (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PrometheusRule")) -}}
  {{- fail "prometheusRule.enabled: the cluster has no PrometheusRule (monitoring.coreos.com/v1): install the Prometheus operator, or load the rules of deploy/prometheus into Prometheus; to render without a cluster add --api-versions monitoring.coreos.com/v1/PrometheusRule" -}}
{{- end -}}
{{- end -}}
