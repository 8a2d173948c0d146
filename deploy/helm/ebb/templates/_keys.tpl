{{- /* Ebb's keys by their variables: EBB_DRAIN_SETTLE: {section: drain, key: settle, kind: text}. */ -}}
{{- define "ebb.keys" -}}
{{- range $name, $kind := .Files.Get "files/keys.yaml" | fromYaml }}
{{- $words := splitn "." 2 $name }}
EBB_{{ $name | replace "." "_" | upper }}: {section: {{ $words._0 }}, key: {{ $words._1 }}, kind: {{ $kind }}}
{{- end }}
{{- end -}}

{{- /* What additionalConfigMap has under EBB_ is a key, of its kind: otherwise each new executor would refuse to start. */ -}}
{{- define "ebb.checkKeys" -}}
{{- $keys := include "ebb.keys" . | fromYaml -}}
{{- range $name, $value := .Values.additionalConfigMap -}}
  {{- $place := print "additionalConfigMap." $name -}}
  {{- if eq $name "EBB_CONFIG" -}}
    {{- fail (printf "%s: Ebb's file is made here, and can be no other: remove it, and set each key as EBB_SECTION_KEY" $place) -}}
  {{- else if eq $name "EBB_DREMIO_URL" -}}
    {{- fail (printf "%s: executors have it from the Secret, which wins: remove it, and set secrets.DREMIO_URL, or DREMIO_URL in existingSecret" $place) -}}
  {{- else if has $name (list "EBB_JAVA" "EBB_JAVA_ROLE") -}}
    {{- if not $.Values.executor.create -}}
      {{- fail (printf "%s: no key of Ebb's file, and not read from there: set it in the container's environment, by the values of Dremio's chart" $place) -}}
    {{- end -}}
  {{- else if hasKey $keys $name -}}
    {{- include "ebb.checkKind" (list (get $keys $name).kind (include "ebb.text" $value | trim) $place) -}}
  {{- else if hasPrefix "EBB_" $name -}}
    {{- $section := index (splitList "_" $name) 1 | lower -}}
    {{- $near := list -}}
    {{- range $variable, $key := $keys -}}
      {{- if eq $key.section $section }}{{ $near = append $near $variable }}{{ end -}}
    {{- end -}}
    {{- $mend := empty $near | ternary "ebb config --defaults shows all" (printf "[%s] has %s" $section (join ", " $near)) -}}
    {{- fail (printf "%s: no key of Ebb: %s" $place $mend) -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{- /* (list KIND TEXT PLACE). An empty text counts as not set. */ -}}
{{- define "ebb.checkKind" -}}
{{- $kind := index . 0 }}{{ $text := index . 1 -}}
{{- $kinds := dict
  "flag" (list `^(true|false)$` "neither true nor false: set it to one of them")
  "number" (list `^-?(0|[1-9][0-9]*)(\.[0-9]+)?$` "no number: set it to one, such as 5")
  "numbers" (list `^(0|[1-9][0-9]*)(\s*,\s*(0|[1-9][0-9]*))*$` "no numbers: set it to some, with commas between, such as 0,143") -}}
{{- with get $kinds $kind -}}
  {{- if and $text (not (regexMatch (index . 0) $text)) -}}
    {{- fail (printf "%s: %s: %s" (index $ 2) $text (index . 1)) -}}
  {{- end -}}
{{- end -}}
{{- end -}}
