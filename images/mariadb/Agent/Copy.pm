# A copy of the data, by mariadb-backup.
package Agent::Copy;
use strict;
use warnings;
use Agent::Contents;
use Agent::Http qw(CHUNK begin_stream send_chunk end_stream);
use Agent::Server qw(HOME session last_line contents);
use File::Path qw(remove_tree);
use IO::Select;

sub copy {
    my ($client, $argument) = @_;
    my $since = $argument->{since} // '';
    die "since: not a number\n" unless $since =~ /^\d*$/a;
    my $session = hold_still();
    my $about = HOME . "/tmp/copy.$$";
    mkdir $about or die "$about: $!\n";
    my $digests = $argument->{contents} && Agent::Contents::begin_digests($session);
    # --user: otherwise each thread asks the C library for the name of its user, in one buffer for all, and one may log in as another line of
    # /etc/passwd.
    my $pid = open(my $stream, '-|', 'bash', '-c', <<'SH', 'copy', $about, $since) or die "bash: $!\n";
set -o pipefail
nice -n 10 mariadb-backup --backup --user=mysql --stream=mbstream --target-dir="$1" --extra-lsndir="$1" ${2:+--incremental-lsn="$2"} 2> "$1/log" | dd bs=1M 2> "$1/bytes" | nice -n 10 zstd -q -1
SH
    binmode $stream;
    begin_stream($client, qw(Copy-From Copy-To Copy-Gtid Copy-Bytes Copy-Contents Copy-Failure));
    my $still = watch($session);
    my %trailer = eval {
        pass_on($stream, $client, $still);
        close $stream or die last_line("$about/log") . "\n";
        (about($about), $digests ? Agent::Contents::end_digests($digests, $session, $still) : ());
    };
    if (my $failure = $@) {
        end_children();
        %trailer = ('Copy-Failure' => is_still($session) ? $failure : 'it was told to apply transactions, and goes on with that');
    }
    close $stream;
    remove_tree($about);
    go_on($session);
    end_stream($client, %trailer);
    return;
}

sub pass_on {
    my ($stream, $client, $still) = @_;
    my $readable = IO::Select->new($stream);
    while (1) {
        $still->() or die "it does not hold still\n";
        next unless $readable->can_read(1);
        my $size = sysread($stream, my $block, CHUNK) or return;
        send_chunk($client, $block) or die "nobody takes the copy\n";
    }
}

# While it is copied the server receives, and acknowledges, but does not apply: with two channels that pass the same transactions, applying
# and the lock that ends a copy wait for each other for ever. The Orchestrator sees the lock of this name and leaves the channels alone;
# when it has a better use for the server it starts them, and the copy ends.
sub hold_still {
    my $session = session(mariadb_read_timeout => 5, mariadb_write_timeout => 5);
    my ($held) = $session->selectrow_array("SELECT GET_LOCK('wpfarm.copy', 0)");
    die "is being copied already\n" unless $held;
    $session->do('STOP ALL SLAVES SQL_THREAD');
    return $session;
}

sub is_still {
    my ($session) = @_;
    my $channels = eval { $session->selectall_arrayref('SHOW ALL SLAVES STATUS', { Slice => {} }) } or return 0;
    return !grep { $_->{Slave_SQL_Running} ne 'No' } @$channels;
}

# Asked often, it looks each second.
sub watch {
    my ($session) = @_;
    my ($looked, $still) = (time, 1);
    return sub {
        if (time > $looked) {
            $looked = time;
            $still &&= is_still($session);
        }
        return $still;
    };
}

sub end_children {
    local $SIG{TERM} = 'IGNORE';
    kill('TERM', 0);
}

sub go_on {
    my ($session) = @_;
    eval { $session->do('START ALL SLAVES SQL_THREAD'); $session->disconnect; 1 } or print STDERR "channels are not started again: $@";
}

# What mariadb-backup says of the copy that it has made.
sub about {
    my ($folder) = @_;
    my ($checkpoints, $info) = (contents("$folder/mariadb_backup_checkpoints"), contents("$folder/mariadb_backup_info"));
    my ($from) = $checkpoints =~ /^from_lsn = (\d+)/m;
    my ($to) = $checkpoints =~ /^to_lsn = (\d+)/m;
    my ($gtid) = $info =~ /GTID of the last change '([^']*)'/;
    my ($bytes) = contents("$folder/bytes") =~ /^(\d+) bytes/m;
    die "mariadb-backup did not say what it has copied\n" unless defined $from && defined $to && defined $gtid && defined $bytes;
    return ('Copy-From' => $from, 'Copy-To' => $to, 'Copy-Gtid' => $gtid, 'Copy-Bytes' => $bytes);
}

1;
