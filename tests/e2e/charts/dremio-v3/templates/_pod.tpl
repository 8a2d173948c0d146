{{- /* An executor's pod: `root`, `grace`, `init`, `volumes`, `mounts`, `account`. */ -}}
{{- define "dremio.pod" -}}
{{- $envs := .root.Values.executor.extraEnvs | default .root.Values.extraEnvs }}
{{- range $envs }}
{{- if hasPrefix "DREMIO" .name }}{{ fail (printf "extraEnvs: %s: a name cannot begin with DREMIO" .name) }}{{ end }}
{{- end -}}
terminationGracePeriodSeconds: {{ .grace }}
{{- with .account }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .init }}
initContainers: {{- tpl . $.root | trim | nindent 2 }}
{{- end }}
containers:
  - name: dremio-executor
    image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag }}"
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    command: ["/opt/dremio/bin/dremio"]
    args: ["start-fg"]
    ports:
      - {name: server-fabric, containerPort: 45678}
      - {name: server-conduit, containerPort: 45679}
      - {name: metrics, containerPort: 9010}
    env:
      - name: DREMIO_JAVA_SERVER_EXTRA_OPTS
        value: -Dzookeeper=zk-hs:2181 -Dservices.coordinator.enabled=false -Dservices.executor.enabled=true
      {{- with $envs }}{{ toYaml . | nindent 6 }}{{ end }}
    {{- with .mounts }}
    volumeMounts: {{- toYaml . | nindent 6 }}
    {{- end }}
{{- with .volumes }}
volumes: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
