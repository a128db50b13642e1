# Lists, sends and saves the files of the binary log.
package Agent::Binlog;
use strict;
use warnings;
use Agent::Events qw(GTID read_head next_event);
use Agent::Http qw(CHUNK begin_stream send_chunk end_stream json);
use Agent::Server qw(HOME DATA POSITION session name last_line contents);
use POSIX qw(strftime);

sub logs {
    my @logs = map { my ($file, $bytes) = @$_; { file => $file, bytes => 0 + $bytes, start => start_of($file) } } @{ index_of() };
    # The server has purged files since it listed them; it purges the oldest first.
    shift @logs while @logs && !defined $logs[0]{start};
    for my $next (1 .. $#logs) {
        $logs[$next - 1]{end} = $logs[$next]{start} // die "$logs[$next]{file} is in the index of the binary log, but is missing\n";
    }
    return json(\@logs);
}

sub send_log {
    my ($client, $argument) = @_;
    my $name = $argument->{file} // '';
    die "file: not a binary log\n" unless $name =~ /^binlog\.\d{6,}$/a;
    my @names = map { $_->[0] } @{ index_of() };
    die "$name is not among this server's binary logs, which are $names[0] to $names[-1]\n" unless grep { $_ eq $name } @names;
    die "$name is the one that is being written\n" if $name eq $names[-1];
    # If the server purges the file from now on, it can be read until it is closed here.
    open(my $log, '<:raw', DATA . "/$name") or die "$name: the server has just purged this binary log\n";
    my ($first, $last, $end) = extent($log);
    my $pid = open(my $stream, '-|') // die "fork: $!\n";
    if (!$pid) {
        open(STDIN, '<&', $log) && sysseek(STDIN, 0, 0) or die "$name: $!\n";
        exec('bash', '-c', 'set -o pipefail; head -c "$1" | nice -n 10 zstd -q -1', 'log', $end) or die "bash: $!\n";
    }
    binmode $stream;
    begin_stream($client, qw(Log-First Log-Last Log-Bytes Copy-Failure));
    while (my $size = sysread($stream, my $block, CHUNK)) {
        send_chunk($client, $block) or last;
    }
    my %trailer = close $stream ? ('Log-Bytes' => $end) : ('Copy-Failure' => 'the binary log could not be read to its end');
    @trailer{'Log-First', 'Log-Last'} = ($first, $last) if defined $first;
    end_stream($client, %trailer);
    return;
}

# Writes the transactions beyond a position, which no other server has, into a file: as statements, and with the rows as comments.
sub save {
    my ($client, $argument) = @_;
    my $beyond = $argument->{beyond} // '';
    die "beyond: not a position\n" unless $beyond =~ /^@{[POSITION]}$/;
    my $folder = HOME . '/saved';
    mkdir $folder;
    my $file = "$folder/" . name() . strftime('-%Y%m%dT%H%M%SZ', gmtime) . '.sql';
    system('bash', '-c', <<'SH', 'save', DATA, $file, $beyond);
cd "$1" && xargs mariadb-binlog --verbose ${3:+--start-position="$3"} < binlog.index > "$2" 2> "$2.err"
SH
    my ($failed, $why) = ($?, contents("$file.err"));
    unlink "$file.err";
    # mariadb-binlog ends with this error when a domain has nothing beyond the position. It has written the other domains.
    if ($failed && $why !~ /never reached expected GTID state/) {
        unlink $file;
        die "the transactions that only this server has cannot be saved: $why\n";
    }
    return $file if system('grep', '-qaE', '^#.*GTID [0-9]+-[0-9]+-[0-9]+', $file) == 0;
    unlink $file;
    return '';
}

# Name and size in bytes of each file, oldest first.
sub index_of { return session()->selectall_arrayref('SHOW BINARY LOGS') }

# The position before the first event; undef when the file is gone.
sub start_of {
    my ($name) = @_;
    open(my $log, '<:raw', DATA . "/$name") or return;
    my (undef, $position) = read_head($log);
    return $position;
}

# The earliest and the latest timestamp of a transaction (undef when there is none), and where the last complete event ends. A server that
# crashed may have written a part of an event, which it has not answered to any client.
sub extent {
    my ($log) = @_;
    my ($head) = read_head($log);
    my ($first, $last, $end) = (undef, undef, length $head);
    while (my $event = next_event($log)) {
        last unless $event->{whole};
        $end += length $event->{bytes};
        next unless $event->{type} == GTID;
        $first = $event->{stamp} if !defined $first || $event->{stamp} < $first;
        $last = $event->{stamp} if !defined $last || $event->{stamp} > $last;
    }
    return ($first, $last, $end);
}

1;
