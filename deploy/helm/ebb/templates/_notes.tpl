{{- /* Seconds of a grace that queries have: a sixth of it is the executor's own stop's, 5 s at least and 120 s at most,
and 2 s are the kubelet's. */ -}}
{{- define "ebb.protected" -}}
{{- sub . (add 2 (max 5 (min 120 (div (add . 5) 6)))) -}}
{{- end -}}

{{- /* What the files of deploy/values, which are for a release called ebb, name otherwise than it is here. */ -}}
{{- define "ebb.renamed" -}}
{{- $name := include "ebb.name" . }}{{ $lines := list -}}
{{- range list (list "Secret" "ebb" (.Values.existingSecret | default $name)) (list "ConfigMap" "ebb" $name)
  (list "ConfigMap" "ebb-settings" (print $name "-settings")) (list "account" "ebb" (include "ebb.serviceAccount" .)) -}}
  {{- if ne (index . 1) (index . 2) }}{{ $lines = append $lines (printf "  %s %s by %s" (first .) (index . 1) (index . 2)) }}{{ end -}}
{{- end -}}
{{- if not .Values.executor.create }}{{ join "\n" $lines }}{{ end -}}
{{- end -}}

{{- /* What is set of that which only an executor made here takes. The rest of it has defaults that tell nothing. */ -}}
{{- define "ebb.unused" -}}
{{- $set := list -}}
{{- if not .Values.executor.create -}}
  {{- range list "replicas" "imagePullSecrets" "derivedImage" "extraPorts" "extraStartParams" "podAnnotations" "lifecycle"
    "resources" "extraEnvs" "extraVolumes" "extraVolumeMounts" "nodeSelector" "tolerations" -}}
    {{- if get $.Values.executor . }}{{ $set = append $set (print "executor." .) }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- join ", " $set -}}
{{- end -}}
