# The network of a node: a bridge, and the way to the API server; `node` reads this file.

# The kubernetes Service's address leads to the API server on loopback, for pods as well as for the host network.
nat() { # nat -A|-D
    local chain
    for chain in PREROUTING OUTPUT; do
        iptables -w 10 -t nat "$1" "$chain" -d "$service/32" -p tcp --dport 443 -m comment --comment "$bridge" \
            -j DNAT --to-destination "${server#https://}"
    done
}

start_network() {
    local n
    # With an address of its own: otherwise it has its ports' lowest, which changes with them, and pods that remember
    # the old one reach nobody for half a minute.
    for ((n = 1; n < 250; n++)); do
        ip link add "kube$n" address "02:00:0a:f4:$(printf %02x "$n"):01" type bridge 2>/dev/null && break
    done
    ip link show "kube$n" >/dev/null 2>&1 || fail "cannot make a bridge"
    bridge=kube$n subnet=10.244.$n.0/24 address=10.244.$n.1
    printf '%s\n' "BRIDGE=$bridge" "NETWORK=$(network self)" >"$dir/network"
    ip addr add "$address/24" dev "$bridge"
    ip link set "$bridge" up
    ip addr add "$service/32" dev lo 2>/dev/null || true
    echo 1 >"/proc/sys/net/ipv4/conf/$bridge/route_localnet"
    nat -A
}

stop_network() {
    local bridge enter=() pid
    [[ -e $dir/network ]] || return 0
    bridge=$(value BRIDGE "$dir/network")
    if [[ $(network self) != "$(value NETWORK "$dir/network")" ]]; then
        for pid in "$(value APISERVER_PID "$control/env" 2>/dev/null)" "$@"; do
            [[ -n $pid && $(network "$pid" 2>/dev/null) == "$(value NETWORK "$dir/network")" ]] || continue
            enter=(nsenter "--net=/proc/$pid/ns/net")
            break
        done
        # Nobody of the node or the control plane is left in it: it went with its last process, or is another's.
        ((${#enter[@]})) || return 0
    fi
    "${enter[@]}" "$me" network-down "$bridge" "$service" "$server"
}

network-down() {
    bridge=$1 service=$2 server=$3
    nat -D 2>/dev/null || true
    ip link del "$bridge" 2>/dev/null || true
    ip -o link show type bridge | grep -q ' kube[0-9]' || ip addr del "$service/32" dev lo 2>/dev/null || true
}
