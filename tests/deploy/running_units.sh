# What tests/deploy/test_running_units.py runs in a machine that systemd booted.
cd /opt/checkout
for file in notice.env export.env digest.toml; do
  install -D -m 644 /mnt/test/$file /etc/releases/$file
done
. /mnt/test/install
systemd-run --unit=sites --working-directory=/opt/checkout /opt/releases/bin/python -m samples
wait_for curl --silent --fail --output /dev/null http://127.0.0.1:8101/

# A crawl, whose log is rotated meanwhile.
systemctl start --no-block releases-crawl.service
wait_for [ -s /var/log/releases/crawl.jsonl ]
logrotate --force /etc/logrotate.d/releases
wait_for [ -s /var/log/releases/crawl.jsonl ]
systemctl start releases-crawl.service   # waits for the end of the one that runs, or crawls once more
cp /var/log/releases/crawl.jsonl* /mnt/test/

wait_for curl --silent --fail --output /dev/null http://127.0.0.1:8000/healthz
main=$(systemctl show --property=MainPID --value releases.service)
for process in $(cat /sys/fs/cgroup/unified/system.slice/releases.service/cgroup.procs \
                 /sys/fs/cgroup/system.slice/releases.service/cgroup.procs 2>/dev/null); do
  grep -E '^(NoNewPrivs|Seccomp|CapEff|CapBnd):' /proc/$process/status
done > /mnt/test/restrictions
for folder in / /srv/releases /srv/releases/data /var/log /dev/shm /tmp; do
  nsenter --target "$main" --mount --setuid "$(id -u releases)" --setgid "$(id -g releases)" touch "$folder/written" && echo "$folder"
done > /mnt/test/written
release=$(curl --silent 'http://127.0.0.1:8000/api/v1/search?q=' | grep -o '"id":"[^"]*"' | head -1 | cut -d '"' -f 4)
status_of() {
  curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:8000$1"
}
while read -r page; do
  address=$(echo "$page" | sed "s/RELEASE/$release/")
  status=$(status_of "$address")
  case "$status" in
    302 | 400) status=$(status_of "${address%%\?*}") ;;   # it searches nothing
  esac
  echo "$status $page"
done < /mnt/test/pages > /mnt/test/statuses

# A reload puts changed settings in force; broken ones fail it and leave the former ones. A restart keeps the socket.
page_after() {
  "$@" && echo "succeeded" || echo "failed"
  curl --silent http://127.0.0.1:8000/ | grep -o 'Nosaukums [0-9]' | head -1
}
name() {
  sed -i "s/^serv.*_name = .*/$1_name = \"Nosaukums $2\"/" /srv/releases/config.toml
}
{
  page_after true
  name service 2 && page_after systemctl reload releases.service
  name servise 3 && page_after systemctl reload releases.service
  name service 4 && page_after systemctl restart releases.service
  systemctl show --property=ActiveState,NotifyAccess,WatchdogUSec,NRestarts releases.service
} > /mnt/test/reloads

systemctl start releases-export.service releases-digest.service
cp /srv/releases/open-data/SHA256SUMS /srv/releases/data/digest.json /mnt/test/
runuser -u releases -- /opt/releases/bin/releases check --offline --config /srv/releases/config.toml > /mnt/test/check

# The site is down: the crawl fails, and its notice is sent.
systemd-run --unit=hook /opt/releases/bin/python /mnt/test/hook.py
wait_for grep -q ':1FA3 ' /proc/net/tcp   # it listens on port 8099
systemctl stop sites.service
systemctl start releases-crawl.service || systemctl show --property=Result,ExecMainStatus releases-crawl.service
wait_for [ -s /mnt/test/notice ]
