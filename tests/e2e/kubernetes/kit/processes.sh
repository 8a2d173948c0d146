# Which process is which, for `control-plane` and `node`, which read this file.

# born PID: when the process started, in clock ticks since boot; with the pid it names one process for good.
born() {
    local s
    s=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    s=${s##*) }
    set -- $s
    echo "${20}"
}

# alive FILE: the process recorded in FILE is running and is still the same one.
alive() {
    local pid ticks state
    [[ -e $1 ]] && read -r pid ticks <"$1" || return 1
    [[ $(born "$pid") == "$ticks" ]] || return 1
    state=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) || return 1
    [[ $state != Z* ]]
}

# value KEY FILE: from KEY=VALUE lines.
value() { sed -n "s/^$1=//p" "$2"; }
