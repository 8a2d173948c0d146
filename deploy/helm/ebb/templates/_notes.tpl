{{- /* Seconds of a grace that queries have: a sixth of it is the executor's own stop's, 5 s at least and 120 s at most,
and 2 s are the kubelet's. */ -}}
{{- define "ebb.protected" -}}
{{- sub . (add 2 (max 5 (min 120 (div (add . 5) 6)))) -}}
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
