# prometheus-adapter and its APIServices; `control-plane` reads this file.

# api_of KEY: the API that the adapter serves for this section of its configuration.
api_of() {
    case $1 in
        rules) echo custom.metrics.k8s.io ;;
        externalRules) echo external.metrics.k8s.io ;;
        resourceRules) echo metrics.k8s.io ;;
    esac
}

start_adapter() {
    local section port apis=()
    for section in rules externalRules resourceRules; do
        if grep -Eq "^\"?$section\"?:" "$adapter_config"; then apis+=("$(api_of "$section")"); fi
    done
    ((${#apis[@]})) || fail "$adapter_config has no rules, externalRules or resourceRules"
    issue adapter ca /CN=prometheus-adapter serverAuth DNS:localhost,DNS:prometheus-adapter.kube-system.svc,IP:127.0.0.1
    issue adapter-client ca /O=system:masters/CN=prometheus-adapter clientAuth
    kubeconfig adapter-client
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        launch prometheus-adapter "$assets/prometheus-adapter" --bind-address=127.0.0.1 --secure-port="$port" \
            --tls-cert-file="$dir/pki/adapter.crt" --tls-private-key-file="$dir/pki/adapter.key" \
            --lister-kubeconfig="$dir/adapter-client.kubeconfig" \
            --authentication-kubeconfig="$dir/adapter-client.kubeconfig" \
            --authorization-kubeconfig="$dir/adapter-client.kubeconfig" \
            --prometheus-url="$adapter_url" --config="$adapter_config" --metrics-relist-interval=2s \
            --metrics-max-age=30s ${ADAPTER_ARGS:-}
        if until_ready prometheus-adapter \
            curl -sf --max-time 5 --cacert "$dir/pki/ca.crt" "https://127.0.0.1:$port/healthz"; then
            break
        fi
        grep -q 'address already in use' "$dir/prometheus-adapter.log" || fail "prometheus-adapter ended"
    done
    alive "$dir/prometheus-adapter.pid" || fail "prometheus-adapter ended"
    local api ca
    ca=$(base64 -w0 "$dir/pki/ca.crt")
    {
        # The aggregator dials the name and the APIService's port, and checks the certificate for NAME.NAMESPACE.svc.
        cat <<EOF
apiVersion: v1
kind: Service
metadata: {name: prometheus-adapter, namespace: kube-system}
spec: {type: ExternalName, externalName: localhost}
EOF
        for api in "${apis[@]}"; do
            cat <<EOF
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.$api}
spec:
  group: $api
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  caBundle: $ca
  service: {name: prometheus-adapter, namespace: kube-system, port: $port}
EOF
        done
    } >"$dir/adapter.yaml"
    admin apply -f "$dir/adapter.yaml" >/dev/null || fail "the APIServices were refused"
    for api in "${apis[@]}"; do
        until_ready prometheus-adapter get "/apis/$api/v1beta1" || fail "prometheus-adapter ended"
    done
}
