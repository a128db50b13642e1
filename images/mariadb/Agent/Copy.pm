# Sends a copy of the data, made by mariadb-backup.
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
    my $session = pause_applying();
    my $folder = HOME . "/tmp/copy.$$";
    mkdir $folder or die "$folder: $!\n";
    my $digests = $argument->{contents} && Agent::Contents::begin_digests($session);
    # --user: without it, each thread asks the C library for the name of its user, in one buffer for all threads, and a thread may log in
    # with the name in another line of /etc/passwd.
    my $pid = open(my $stream, '-|', 'bash', '-c', <<'SH', 'copy', $folder, $since) or die "bash: $!\n";
set -o pipefail
nice -n 10 mariadb-backup --backup --user=mysql --stream=mbstream --target-dir="$1" --extra-lsndir="$1" \
    ${2:+--incremental-lsn="$2"} 2> "$1/log" | dd bs=1M 2> "$1/bytes" | nice -n 10 zstd -q -1
SH
    binmode $stream;
    begin_stream($client, qw(Copy-From Copy-To Copy-Gtid Copy-Bytes Copy-Contents Copy-Failure));
    my $is_paused = watch($session);
    my %trailer = eval {
        pass_on($stream, $client, $is_paused);
        close $stream or die last_line("$folder/log") . "\n";
        (summary_of($folder), $digests ? Agent::Contents::end_digests($digests, $session, $is_paused) : ());
    };
    if (my $failure = $@) {
        end_children();
        my $resumed = 'the Orchestrator made the server apply transactions, which ended the copy';
        %trailer = ('Copy-Failure' => is_paused($session) ? $failure : $resumed);
    }
    close $stream;
    remove_tree($folder);
    resume_applying($session);
    end_stream($client, %trailer);
    return;
}

sub pass_on {
    my ($stream, $client, $is_paused) = @_;
    my $readable = IO::Select->new($stream);
    while (1) {
        $is_paused->() or die "the server applies transactions again\n";
        next unless $readable->can_read(1);
        my $size = sysread($stream, my $block, CHUNK) or return;
        send_chunk($client, $block) or die "the receiver of the copy has closed the connection\n";
    }
}

# During a copy the server receives and acknowledges transactions, but does not apply them: with two channels that deliver the same
# transactions, the applying threads and the lock that ends a copy can deadlock. The Orchestrator sees the lock of this name and does not
# start the channels. When it needs the server for something more urgent it does start them, and the copy fails.
sub pause_applying {
    my $session = session(mariadb_read_timeout => 5, mariadb_write_timeout => 5);
    my ($held) = $session->selectrow_array("SELECT GET_LOCK('wpfarm.copy', 0)");
    die "another copy of this server is being made\n" unless $held;
    $session->do('STOP ALL SLAVES SQL_THREAD');
    return $session;
}

sub is_paused {
    my ($session) = @_;
    my $channels = eval { $session->selectall_arrayref('SHOW ALL SLAVES STATUS', { Slice => {} }) } or return 0;
    return !grep { $_->{Slave_SQL_Running} ne 'No' } @$channels;
}

# Returns a function that may be called often: it asks the server at most once a second.
sub watch {
    my ($session) = @_;
    my ($checked, $paused) = (time, 1);
    return sub {
        if (time > $checked) {
            $checked = time;
            $paused &&= is_paused($session);
        }
        return $paused;
    };
}

sub end_children {
    local $SIG{TERM} = 'IGNORE';
    kill('TERM', 0);
}

sub resume_applying {
    my ($session) = @_;
    eval { $session->do('START ALL SLAVES SQL_THREAD'); $session->disconnect; 1 }
        or print STDERR "the channels could not be started after the copy; the Orchestrator will start them: $@";
}

# The trailers, from the files that mariadb-backup writes beside its copy.
sub summary_of {
    my ($folder) = @_;
    my ($checkpoints, $info) = (contents("$folder/mariadb_backup_checkpoints"), contents("$folder/mariadb_backup_info"));
    my ($from) = $checkpoints =~ /^from_lsn = (\d+)/m;
    my ($to) = $checkpoints =~ /^to_lsn = (\d+)/m;
    my ($gtid) = $info =~ /GTID of the last change '([^']*)'/;
    my ($bytes) = contents("$folder/bytes") =~ /^(\d+) bytes/m;
    die "mariadb-backup has not written the position of its copy\n" unless defined $from && defined $to && defined $gtid && defined $bytes;
    return ('Copy-From' => $from, 'Copy-To' => $to, 'Copy-Gtid' => $gtid, 'Copy-Bytes' => $bytes);
}

1;
