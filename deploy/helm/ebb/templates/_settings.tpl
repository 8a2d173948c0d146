{{- /* additionalConfigMap's EBB_SECTION_KEY as Ebb's file, each as its kind: what JSON calls a text and a list of them,
TOML does as well. Dremio's charts take variables by name only, and a file whole. */}}
{{- define "ebb.settings" -}}
{{- $sections := dict "drain" (dict "grace" (printf "\"%ds\"" (int .Values.executor.terminationGracePeriodSeconds))) }}
{{- $_ := set $sections "dremio" dict }}
{{- range $key, $file := include "ebb.credentials" . | fromYaml }}
{{- $_ := set $sections.dremio $key (toJson $file) }}
{{- end }}
{{- $keys := include "ebb.keys" . | fromYaml }}
{{- range $name, $value := .Values.additionalConfigMap }}
{{- $said := include "ebb.text" $value | trim }}
{{- with and $said (get $keys $name) }}
{{- if eq .kind "text" }}{{ $said = toJson $said }}
{{- else if eq .kind "list" }}{{ $said = regexSplit "\\s*,\\s*" $said -1 | toJson }}
{{- else if eq .kind "numbers" }}{{ $said = printf "[%s]" $said }}
{{- end }}
{{- $_ := set $sections .section (set (get $sections .section | default dict) .key $said) }}
{{- end }}
{{- end }}
{{- range $section, $keys := $sections -}}
[{{ $section }}]
{{- range $key, $said := $keys }}
{{ $key }} = {{ $said }}
{{- end }}

{{ end }}
{{- end }}

{{- /* Files of the Secret by Ebb's keys: a login's are read together, so that an account is replaced whole. */}}
{{- define "ebb.credentials" -}}
{{- if or (eq .Values.existingSecretHolds "token") (.Values.secrets | default dict).DREMIO_TOKEN -}}
token_file: /etc/ebb/secret/DREMIO_TOKEN
{{- else -}}
user_file: /etc/ebb/secret/DREMIO_USER
password_file: /etc/ebb/secret/DREMIO_PASSWORD
{{- end }}
{{- end }}
