{{- /* (list PLACE LEAST MOST) of the number of executors. */ -}}
{{- define "ebb.limits" -}}
{{- $place := index . 0 }}{{ $least := int (index . 1) }}{{ $most := int (index . 2) -}}
{{- if lt $most $least -}}
  {{- fail (printf "%s.maxReplicas: %d: less than %s.minReplicas, %d: set it to at least that" $place $most $place $least) -}}
{{- end -}}
{{- end -}}

{{- /* (list . KIND PLACE MEND): the cluster lacks what PLACE makes. */ -}}
{{- define "ebb.needs" -}}
{{- $root := index . 0 }}{{ $kind := index . 1 -}}
{{- if not ($root.Capabilities.APIVersions.Has $kind) -}}
  {{- fail (printf "%s: the cluster has no %s (%s): %s; to render without a cluster add --api-versions %s" (index . 2) (base $kind) (dir $kind) (index . 3) $kind) -}}
{{- end -}}
{{- end -}}

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
    {{- if eq $v.existingSecretHolds "token" -}}
      {{- fail "existingSecretHolds: token, without existingSecret: it tells what that one holds: remove it, or set secrets.DREMIO_TOKEN in place of a login" -}}
    {{- end -}}
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
{{- range $name := keys ($v.additionalConfigMap | default dict) | sortAlpha -}}
  {{- if regexMatch "(PASSWORD|TOKEN|CLIENT_SECRET)$" $name -}}
    {{- fail (printf "additionalConfigMap.%s: a ConfigMap is no place for a secret: set it in secrets or existingSecret, or set %s_FILE to a file that is mounted" $name $name) -}}
  {{- end -}}
{{- end -}}
{{- include "ebb.checkKeys" . -}}
{{- $grace := int $v.executor.terminationGracePeriodSeconds -}}
{{- if lt $grace 5 -}}
  {{- fail (printf "executor.terminationGracePeriodSeconds: %d: under 5 s no executor can be drained: set it, and the pods', to 720 where queries may run for ten minutes" $grace) -}}
{{- end -}}
{{- with include "ebb.hpa" . | fromYaml -}}
  {{- if not .maxReplicas -}}
    {{- fail "hpa.maxReplicas: missing: set it to the most executors that may run" -}}
  {{- end -}}
  {{- include "ebb.limits" (list "hpa" (.minReplicas | default 1) .maxReplicas) -}}
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
  {{- include "ebb.limits" (list "keda" ($v.keda.minReplicas | default 1) $v.keda.maxReplicas) -}}
  {{- include "ebb.needs" (list . "keda.sh/v1alpha1/ScaledObject" "keda.enabled" "install KEDA, or use hpa") -}}
{{- end -}}
{{- if $v.podMonitor -}}
  {{- include "ebb.needs" (list . "monitoring.coreos.com/v1/PodMonitor" "podMonitor" "install the Prometheus operator, or set podMonitor: null") -}}
{{- end -}}
{{- if $v.prometheusRule.enabled -}}
  {{- include "ebb.needs" (list . "monitoring.coreos.com/v1/PrometheusRule" "prometheusRule.enabled" "install the Prometheus operator, or load the rules of deploy/prometheus into Prometheus") -}}
{{- end -}}
{{- end -}}
