# Applies transactions under the GTIDs that they already have: those of a binary log, and empty ones.
package Agent::Replay;
use strict;
use warnings;
use Agent::Http qw(receive);
use Agent::Server qw(DATA POSITION pipe_to session position number_in scratch run last_line contents);
use Fcntl qw(:flock);

use constant STAGES => qw(unpacked chosen decoded applied);
use constant MARK => DATA . '/replaying';
use constant BROKEN_PIPE => 141;   # the status of a program whose reader ended first; the reader's own status has the reason

sub replay {
    my ($client, $argument, $header) = @_;
    my ($from, $until, $through) = map { $argument->{$_} // '' } qw(from until through);
    die "from: not a position\n" unless $from =~ /^@{[POSITION]}$/;
    die "until: not a number of seconds\n" unless $until =~ /^\d*$/a;
    die "through: not a position\n" unless $through =~ /^@{[POSITION]}$/;
    die "through: names no transaction\n" if exists $argument->{through} && $through eq '';
    die "until, through: give only one of them\n" if $until ne '' && $through ne '';
    my $limit = $until ne '' ? "until=$until" : $through ne '' ? "through=$through" : '';
    open(my $lock, '>', '/run/mysqld/replay.lock') or die "replay.lock: $!\n";
    flock($lock, LOCK_EX | LOCK_NB) or die "another binary log is being applied\n";
    my $session = unfollowing_session();
    my $have = position($session);
    if (my @missing = beyond($from, $have)) {
        die "this server is at '$have': before this binary log, transactions up to @missing are missing\n" if $limit eq '';
        # An earlier binary log has reached the limit, so all of this one is beyond it.
        return $have;
    }
    begin_undurable();
    my $selected = eval { apply($client, $header, $have, $limit) };
    my $failure = $@;
    unlink MARK;
    die $failure if $failure;
    # The server does not log a transaction that changes nothing here. Its number must be reached all the same.
    return reach($session, $selected);
}

# A loss of power during a replay can make the data and the binary log differ without an error, so the file MARK records that one runs.
sub begin_undurable {
    my $boot = contents('/proc/sys/kernel/random/boot_id');
    my $before = contents(MARK);
    die "the machine restarted while this server applied a binary log, so its data and its binary log may differ: restore it again\n"
        if $before ne '' && $before ne $boot;
    open(my $mark, '>', MARK) or die "@{[MARK]}: $!\n";
    print $mark $boot;
    close $mark or die "@{[MARK]}: $!\n";
    run('sync', '-f', DATA);
}

# Returns the last transaction of each domain that was applied.
sub apply {
    my ($client, $header, $have, $limit) = @_;
    return scratch(sub {
        my ($folder) = @_;
        my $taken = receive($client, $header, pipe_to(<<'SH', $folder, $have, $limit));
cd "$1"
# A sync to disk for each transaction would make it eight times slower, so there is one sync at the end. A change of a large row contains
# the row twice, and base64 adds a third, so the packet limit is raised. The trap restores the settings however this script ends; when the
# server itself ends, its next start restores them.
durably() {
    mariadb --execute 'SET GLOBAL sync_binlog = 1, innodb_flush_log_at_trx_commit = 1, max_allowed_packet = 64 << 20' && sync -f .
}
trap 'durably 2> durable || echo failed > undurable' EXIT
mariadb --execute 'SET GLOBAL sync_binlog = 0, innodb_flush_log_at_trx_commit = 2, max_allowed_packet = 1 << 30' 2> relaxed || exit
zstd -dq 2> unpacked | select-transactions "$2" "$1" ${3:+"$3"} 2> chosen | mariadb-binlog - 2> decoded |
    mariadb --binary-mode --max-allowed-packet=1G 2> applied
echo "${PIPESTATUS[@]}" > ended
SH
        die "sync_binlog and innodb_flush_log_at_trx_commit could not be set back to 1; restart the server: "
            . last_line("$folder/durable") . "\n" if -e "$folder/undurable";
        my @ended = split ' ', contents("$folder/ended");
        for my $stage (STAGES) {
            my $status = shift @ended // 1;
            die "the binary log cannot be $stage: " . last_line("$folder/$stage") . "\n" unless $status == 0 || $status == BROKEN_PIPE;
        }
        die "the binary log was not read to its end\n" unless $taken;
        return contents("$folder/selected");
    });
}

sub advance {
    my ($client, $argument) = @_;
    my $gtid = $argument->{gtid} // '';
    die "gtid: not a position\n" unless $gtid =~ /^@{[POSITION]}$/;
    return reach(unfollowing_session(), $gtid);
}

# For each GTID that the server has not reached, runs a transaction under that GTID which changes nothing but is logged, so that the servers
# that follow get it too.
sub reach {
    my ($session, $gtids) = @_;
    for my $gtid (beyond($gtids, position($session))) {
        my ($domain, $server, $number) = split /-/, $gtid;
        $session->do("SET SESSION gtid_domain_id = $domain, server_id = $server");
        # In a statement of its own, because the server checks it against the session's domain.
        $session->do("SET SESSION gtid_seq_no = $number");
        $session->do('CREATE DATABASE IF NOT EXISTS wpfarm');
    }
    my $position = position($session);
    my @missing = beyond($gtids, $position);
    die "this server is at '$position', and not at @missing\n" if @missing;
    # For the transactions of other servers, mariadb-backup reads only the replication position.
    $session->do('SET GLOBAL gtid_slave_pos = ?', undef, $position);
    return $position;
}

# A session, unless the server follows others: it would get these transactions from them.
sub unfollowing_session {
    my $session = session();
    my $channels = $session->selectall_arrayref('SHOW ALL SLAVES STATUS', { Slice => {} });
    my @running = map { $_->{Connection_name} } grep { $_->{Slave_SQL_Running} ne 'No' || $_->{Slave_IO_Running} ne 'No' } @$channels;
    die "this server follows others (@running): stop its replication first\n" if @running;
    return $session;
}

# The GTIDs of the first position that are beyond the second.
sub beyond {
    my ($gtids, $position) = @_;
    return grep { my ($domain, undef, $number) = split /-/; $number > number_in($position, $domain) } split /,/, $gtids;
}

1;
