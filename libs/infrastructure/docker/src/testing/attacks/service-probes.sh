# Tries what a service must not be able to do, as root with every capability that an operator can give, and prints what worked.
try() {
  what=$1
  shift
  if timeout 3 "$@" > /dev/null 2>&1; then echo "worked: $what"; fi
}
as_learner='setpriv --reuid 1000 --regid 1000 --clear-groups'

try 'run a program' true
try 'become another user' sh -c "[ \"\$($as_learner /usr/local/bin/setuid-id -u)\" = 1000 ]"

try 'become root by a setuid program' sh -c "[ \"\$($as_learner /usr/local/bin/setuid-id -u)\" = 0 ]"
try 'get a capability back' setpriv --inh-caps +sys_admin --ambient-caps +sys_admin true
for file in /attack /usr/attack /etc/attack /bin/attack /proc/sys/kernel/attack /sys/attack; do
  try "write $file" sh -c "echo x > $file"
done
try 'mount a tmpfs' mount -t tmpfs none /mnt
try 'bind the root somewhere' mount --bind / /mnt
try 'make the root writable' mount -o remount,rw /
try 'mount another proc' mount -t proc proc /mnt
for device in 'b 8 0' 'b 259 0' 'c 1 1' 'c 1 3'; do
  try "make the device $device" mknod "/tmp/device-$(echo "$device" | tr ' ' -)" $device
done
try 'see a disk' sh -c 'ls /dev/sd* /dev/vd* /dev/nvme* /dev/dm-* /dev/mem /dev/kmem /dev/kmsg /dev/kvm /dev/fuse /dev/net/tun'
try 'make a user namespace' unshare -U true
try 'make a mount namespace' unshare -m true
try 'make a network namespace' unshare -n true
for namespace in -m -n -p -i -u; do
  try "enter the namespace $namespace of the first process" nsenter -t 1 "$namespace" true
done
try 'read the memory of the kernel' dd if=/proc/kcore of=/dev/null bs=1 count=1
try 'read the messages of the kernel' dmesg
try 'change a setting of the kernel' sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
try 'press a system key' sh -c 'echo h > /proc/sysrq-trigger'
try 'name a program that handles crashes' sh -c 'echo "|/attack" > /proc/sys/kernel/core_pattern'
try 'make a control group' sh -c 'for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do mkdir "$tree/attack" && ls "$tree/attack/cgroup.procs" && exit 0; done; exit 1'
try 'leave its control group' sh -c 'for list in $(find /sys/fs/cgroup -name cgroup.procs); do echo $$ > "$list" && exit 0; done; exit 1'
try 'raise a limit of its control group' sh -c 'for limit in $(find /sys/fs/cgroup -name "*.max" -o -name "*limit_in_bytes"); do echo -1 > "$limit" && exit 0; echo max > "$limit" && exit 0; done; exit 1'
try 'raise its limit of open files' sh -c 'ulimit -Hn 1000000'
try 'set the clock' date -s 2000-01-01
try 'rename the host' sh -c 'echo attack > /proc/sys/kernel/hostname'
try 'hurry itself' renice -n -5 -p $$
try 'add a network device' ip link add attack type dummy
try 'take another address' ip addr add 10.255.255.1/24 dev eth0
try 'add a route' ip route add default dev eth0
try 'find the socket of an engine' sh -c 'find / -xdev -type s -name "*.sock" | grep .; ls /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock 2> /dev/null | grep .'
try 'see more processes than its own' sh -c '[ "$(ls -d /proc/[0-9]* | wc -l)" -gt 12 ]'
try 'find another root in the first process' sh -c '[ "$(cat /proc/1/root/etc/hostname)" != "$(cat /etc/hostname)" ]'
try 'find a token of a platform' sh -c 'ls /var/run/secrets/kubernetes.io /run/secrets'

sed -n 's/^\(CapBnd\|CapEff\|NoNewPrivs\|Seccomp\):[[:space:]]*/status: \1 /p' /proc/self/status
cut -d' ' -f4,5 /proc/self/mountinfo | sed 's/^/mount: /'
exec python3 /probe/reach.py
