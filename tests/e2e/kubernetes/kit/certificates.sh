# The authorities, certificates and kubeconfigs of a control plane; `control-plane` reads this file.

# authority NAME: a self-signed CA, DIR/pki/NAME.crt and .key.
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -config "$dir/pki/openssl.cnf" \
        -extensions ca -subj "/CN=$1" -keyout "$dir/pki/$1.key" -out "$dir/pki/$1.crt" 2>/dev/null
}

# issue FILE CA SUBJECT USAGE [SAN]: DIR/pki/FILE.crt and .key, signed by CA; USAGE is serverAuth or clientAuth.
issue() {
    local extra=(-addext "extendedKeyUsage=$4")
    [[ -z ${5:-} ]] || extra+=(-addext "subjectAltName=$5")
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -config "$dir/pki/openssl.cnf" \
        -extensions leaf -CA "$dir/pki/$2.crt" -CAkey "$dir/pki/$2.key" -subj "$3" "${extra[@]}" \
        -keyout "$dir/pki/$1.key" -out "$dir/pki/$1.crt" 2>/dev/null
}

# kubeconfig FILE: DIR/FILE.kubeconfig with the certificate DIR/pki/FILE.crt, all embedded.
kubeconfig() {
    (umask 077 && cat >"$dir/$1.kubeconfig") <<EOF
apiVersion: v1
kind: Config
current-context: default
contexts: [{name: default, context: {cluster: default, user: default}}]
clusters:
- name: default
  cluster: {server: "$server", certificate-authority-data: $(base64 -w0 "$dir/pki/ca.crt")}
users:
- name: default
  user: {client-certificate-data: $(base64 -w0 "$dir/pki/$1.crt"), client-key-data: $(base64 -w0 "$dir/pki/$1.key")}
EOF
}

certificates() {
    mkdir -m 700 "$dir/pki"
    cat >"$dir/pki/openssl.cnf" <<'EOF'
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
EOF
    authority ca
    authority front-proxy-ca
    issue apiserver ca /CN=kube-apiserver serverAuth \
        DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:::1,IP:10.0.0.1
    issue admin ca /O=system:masters/CN=admin clientAuth
    issue apiserver-kubelet-client ca /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
    issue front-proxy-client front-proxy-ca /CN=front-proxy-client clientAuth
    openssl ecparam -name prime256v1 -genkey -noout -out "$dir/pki/sa.key"
    admin_token=$(openssl rand -hex 16)
    echo "$admin_token,admin,admin,system:masters" >"$dir/pki/tokens.csv"
}
