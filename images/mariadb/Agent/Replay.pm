# Transactions under numbers that they have already: those of a binary log, and empty ones.
package Agent::Replay;
use strict;
use warnings;
use Agent::Http qw(receive);
use Agent::Server qw(DATA POSITION pipe_to session position number_in scratch run last_line contents);
use Fcntl qw(:flock);

use constant STAGES => qw(unpacked chosen decoded applied);
use constant MARK => DATA . '/replaying';
use constant BROKEN_PIPE => 141;   # the status of whoever was left by its reader, which failed

sub replay {
    my ($client, $argument, $header) = @_;
    my ($from, $until, $through) = map { $argument->{$_} // '' } qw(from until through);
    die "from: not a position\n" unless $from =~ /^@{[POSITION]}$/;
    die "until: not seconds\n" unless $until =~ /^\d*$/a;
    die "through: not a position\n" unless $through =~ /^@{[POSITION]}$/;
    die "through: names no transaction\n" if exists $argument->{through} && $through eq '';
    die "until, through: one of them\n" if $until ne '' && $through ne '';
    my $limit = $until ne '' ? "until=$until" : $through ne '' ? "through=$through" : '';
    open(my $lock, '>', '/run/mysqld/replay.lock') or die "replay.lock: $!\n";
    flock($lock, LOCK_EX | LOCK_NB) or die "another binary log is being applied\n";
    my $session = unfollowing_session();
    my $have = position($session);
    if (my @missing = beyond($from, $have)) {
        die "this server is at '$have': before this binary log, transactions up to @missing are missing\n" if $limit eq '';
        # The limit was in an earlier one, and all of this one is beyond it.
        return $have;
    }
    begin_undurable();
    my $selected = eval { apply($client, $header, $have, $limit) };
    my $failure = $@;
    unlink MARK;
    die $failure if $failure;
    # A transaction that changes nothing here is not logged, and has its number all the same.
    return reach($session, $selected);
}

# After a loss of power in the middle, what the data has and what the binary log has may differ, and nobody would see it.
sub begin_undurable {
    my $boot = contents('/proc/sys/kernel/random/boot_id');
    my $before = contents(MARK);
    die "the machine went down while a binary log was applied here, so its data may not be what its binary log says: restore it anew\n" if $before ne '' && $before ne $boot;
    open(my $mark, '>', MARK) or die "@{[MARK]}: $!\n";
    print $mark $boot;
    close $mark or die "@{[MARK]}: $!\n";
    run('sync', '-f', DATA);
}

# What was applied: the last transaction of each domain.
sub apply {
    my ($client, $header, $have, $limit) = @_;
    return scratch(sub {
        my ($folder) = @_;
        my $taken = receive($client, $header, pipe_to(<<'SH', $folder, $have, $limit));
cd "$1"
# A flush to the disk for each transaction makes it eight times slower: once at the end will do. A change of a large row has it twice,
# and a third more in base64. Whatever ends this, the server is what it was; unless it ends itself, and starts as it was.
durably() { mariadb --execute 'SET GLOBAL sync_binlog = 1, innodb_flush_log_at_trx_commit = 1, max_allowed_packet = 64 << 20' && sync -f .; }
trap 'durably 2> durable || echo failed > undurable' EXIT
mariadb --execute 'SET GLOBAL sync_binlog = 0, innodb_flush_log_at_trx_commit = 2, max_allowed_packet = 1 << 30' 2> relaxed || exit
zstd -dq 2> unpacked | select-transactions "$2" "$1" ${3:+"$3"} 2> chosen | mariadb-binlog - 2> decoded | mariadb --binary-mode --max-allowed-packet=1G 2> applied
echo "${PIPESTATUS[@]}" > ended
SH
        die "the server was not made durable again, restart it: " . last_line("$folder/durable") . "\n" if -e "$folder/undurable";
        my @ended = split ' ', contents("$folder/ended");
        for my $stage (STAGES) {
            my $status = shift @ended // 1;
            die "the binary log cannot be $stage: " . last_line("$folder/$stage") . "\n" unless $status == 0 || $status == BROKEN_PIPE;
        }
        die "the binary log was not taken to its end\n" unless $taken;
        return contents("$folder/selected");
    });
}

sub advance {
    my ($client, $argument) = @_;
    my $gtid = $argument->{gtid} // '';
    die "gtid: not a position\n" unless $gtid =~ /^@{[POSITION]}$/;
    return reach(unfollowing_session(), $gtid);
}

# Where a number is not reached, a transaction of this number that does nothing, but is logged: so others that follow get it too.
sub reach {
    my ($session, $gtids) = @_;
    for my $gtid (beyond($gtids, position($session))) {
        my ($domain, $server, $number) = split /-/, $gtid;
        $session->do("SET SESSION gtid_domain_id = $domain, server_id = $server");
        # By itself: it is checked against the domain that the session has by then.
        $session->do("SET SESSION gtid_seq_no = $number");
        $session->do('CREATE DATABASE IF NOT EXISTS wpfarm');
    }
    my $position = position($session);
    my @missing = beyond($gtids, $position);
    die "this server is at '$position', and not at @missing\n" if @missing;
    # Of transactions that others wrote, mariadb-backup asks the replication position alone.
    $session->do('SET GLOBAL gtid_slave_pos = ?', undef, $position);
    return $position;
}

# Whoever follows gets these transactions from others.
sub unfollowing_session {
    my $session = session();
    my $channels = $session->selectall_arrayref('SHOW ALL SLAVES STATUS', { Slice => {} });
    my @running = map { $_->{Connection_name} } grep { $_->{Slave_SQL_Running} ne 'No' || $_->{Slave_IO_Running} ne 'No' } @$channels;
    die "this server follows others (@running): stop that first\n" if @running;
    return $session;
}

# What the one position has beyond the other.
sub beyond {
    my ($gtids, $position) = @_;
    return grep { my ($domain, undef, $number) = split /-/; $number > number_in($position, $domain) } split /,/, $gtids;
}

1;
