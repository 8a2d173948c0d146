{{- /* additionalConfigMap's EBB_SECTION_KEY as Ebb's file: what JSON calls a text, a number, a truth and a list, TOML
does as well. Dremio's charts take variables by name only, and a file whole. */}}
{{- define "ebb.settings" -}}
{{- $sections := dict "drain" (dict "grace" (printf "\"%ds\"" (int .Values.executor.terminationGracePeriodSeconds))) }}
{{- if include "ebb.token" . }}
{{- $_ := set $sections "dremio" (dict "token_file" (toJson "/etc/ebb/secret/DREMIO_TOKEN")) }}
{{- end }}
{{- range $name, $value := .Values.additionalConfigMap }}
{{- $words := splitn "_" 3 (lower $name) }}
{{- $text := include "ebb.text" $value }}
{{- if and (hasPrefix "EBB_" $name) $words._2 $text }}
{{- $said := $text | toJson }}
{{- if regexMatch "^(true|false|-?[0-9]+(\\.[0-9]+)?)$" $text }}{{ $said = $text }}{{ end }}
{{- if has (printf "%s.%s" $words._1 $words._2) (list "executor.metrics" "executor.forward" "kubernetes.taints") }}
{{- $said = regexSplit "\\s*,\\s*" $text -1 | toJson }}
{{- else if eq $words._2 "success_codes" }}
{{- $said = printf "[%s]" $text }}
{{- end }}
{{- $section := get $sections $words._1 | default dict }}
{{- $_ := set $sections $words._1 (set $section $words._2 $said) }}
{{- end }}
{{- end }}
{{- range $section, $keys := $sections -}}
[{{ $section }}]
{{- range $key, $said := $keys }}
{{ $key }} = {{ $said }}
{{- end }}

{{ end }}
{{- end }}

{{- /* Not empty where a token takes the place of user and password. */}}
{{- define "ebb.token" -}}
{{- if or (eq .Values.existingSecretHolds "token") (.Values.secrets | default dict).DREMIO_TOKEN }}token{{ end }}
{{- end }}
