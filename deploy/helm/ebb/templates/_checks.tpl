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
  {{- if $v.keda.enabled -}}
    {{- fail "keda.enabled: true, beside hpa: two autoscalers of one StatefulSet stop each other: remove one of them" -}}
  {{- end -}}
{{- end -}}
{{- $scaled := or (include "ebb.hpa" . | fromYaml) $v.keda.enabled -}}
{{- if and $scaled (hasKey $v.executor "replicas") -}}
  {{- fail (printf "executor.replicas: %v: beside an autoscaler each upgrade would set the executors back to it: remove it, and set minReplicas" $v.executor.replicas) -}}
{{- end -}}
{{- if $v.keda.enabled -}}
  {{- if not $v.keda.prometheusUrl -}}
    {{- fail "keda.prometheusUrl: missing: set it to Prometheus, such as http://prometheus-operated.monitoring:9090" -}}
  {{- end -}}
  {{- if lt (int $v.keda.maxReplicas) (int $v.keda.minReplicas) -}}
    {{- fail (printf "keda.maxReplicas: %d: less than keda.minReplicas, %d: set it to at least that" (int $v.keda.maxReplicas) (int $v.keda.minReplicas)) -}}
  {{- end -}}
  {{- if not (.Capabilities.APIVersions.Has "keda.sh/v1alpha1/ScaledObject") -}}
    {{- fail "keda.enabled: the cluster has no ScaledObject (keda.sh/v1alpha1): install KEDA, or use hpa; to render without a cluster add --api-versions keda.sh/v1alpha1/ScaledObject" -}}
  {{- end -}}
{{- end -}}
{{- if and $v.podMonitor (not (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PodMonitor")) -}}
  {{- fail "podMonitor: the cluster has no PodMonitor (monitoring.coreos.com/v1): install the Prometheus operator, or set podMonitor: null; to render without a cluster add --api-versions monitoring.coreos.com/v1/PodMonitor" -}}
{{- end -}}
{{- if and $v.prometheusRule.enabled (not (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1/PrometheusRule")) -}}
  {{- fail "prometheusRule.enabled: the cluster has no PrometheusRule (monitoring.coreos.com/v1): install the Prometheus operator, or load the rules of deploy/prometheus into Prometheus; to render without a cluster add --api-versions monitoring.coreos.com/v1/PrometheusRule" -}}
{{- end -}}
{{- end -}}
