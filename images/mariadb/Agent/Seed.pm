# Another server's data in place of this one's.
package Agent::Seed;
use strict;
use warnings;
use Agent::Http qw(receive respond json);
use Agent::Server qw(HOME DATA POSITION contents pipe_to run server last_line);
use Fcntl qw(:flock);
use File::Path qw(remove_tree);

use constant SEED => HOME . '/seed';
use constant ASIDE => HOME . '/aside';

sub base {
    my ($client, $argument, $header) = @_;
    my $lock = lock_seed();
    give_up();
    mkdir SEED or die "@{[SEED]}: $!\n";
    extract($client, $header, SEED . '/data');
    prepare();
    return '';
}

sub increment {
    my ($client, $argument, $header) = @_;
    my $lock = lock_seed();
    -e SEED . '/prepared' or die "there is no base\n";
    unlink SEED . '/prepared';
    extract($client, $header, SEED . '/increment');
    prepare('--incremental-dir=' . SEED . '/increment');
    remove_tree(SEED . '/increment');
    return '';
}

# The present server goes on until then; it does not stop in an orderly way, as nothing of it is needed any more, and what is kept aside
# recovers as after a loss of power.
sub use_seed {
    my ($client, $argument) = @_;
    my $lock = lock_seed();
    my $gtid = $argument->{gtid} // '';
    die "gtid: not a position\n" unless $gtid =~ /^@{[POSITION]}$/;
    -e SEED . '/prepared' or die "there is no data that was made ready\n";
    note('position', $gtid);
    note('aside', '') if $argument->{aside};
    run('sync', '-f', SEED);
    rename SEED, SEED . '.ready' or die "@{[SEED]}.ready: $!\n";
    my $server = server();
    respond($client, 200, '');
    kill(9, $server) if $server;
    return;
}

# The directory that the entrypoint makes a new one of, whatever it holds.
sub empty {
    my ($client) = @_;
    die "this server's data is not to be thrown away\n" unless contents('/etc/farm/my.cnf') =~ /^may_be_emptied *= *1$/m;
    my $lock = lock_seed();
    remove_tree(SEED, SEED . '.ready', HOME . '/data.new');
    rename DATA, HOME . '/data.new' or die "data: $!\n";
    run('sync', '-f', HOME);
    my $server = server();
    respond($client, 200, '');
    kill(9, $server) if $server;
    return;
}

sub give_up { remove_tree(SEED); return '' }

sub aside {
    my $since = (stat ASIDE)[9] or return '';
    my ($bytes) = qx(du -sb @{[ASIDE]}) =~ /^(\d+)/ or die "du failed\n";
    return json({ bytes => 0 + $bytes, since => $since });
}

# Out of its place first: half of it is never taken for the whole. What is left of it after a kill goes at the next start.
sub remove_aside {
    my $removed = HOME . "/tmp/aside.$$";
    rename ASIDE, $removed or return -e ASIDE ? die "@{[ASIDE]}: $!\n" : '';
    remove_tree($removed);
    return '';
}

sub note {
    my ($name, $text) = @_;
    open(my $file, '>', SEED . "/$name") or die "$name: $!\n";
    print $file $text;
    close $file or die "$name: $!\n";
}

sub prepare {
    my $log = SEED . '/log';
    system('bash', '-c', 'log=$1; shift; mariadb-backup --prepare "$@" 2> "$log"', 'prepare', $log, '--target-dir=' . SEED . '/data', @_) == 0
        or die "preparing: @{[last_line($log)]}\n";
    note('prepared', '');
}

# The body of a request, as files in a new folder.
sub extract {
    my ($client, $header, $folder) = @_;
    remove_tree($folder);
    mkdir $folder or die "$folder: $!\n";
    my $log = SEED . '/log';
    my $files = pipe_to('set -o pipefail; (zstd -dq | mbstream -x -C "$1") 2> "$2"', $folder, $log);
    receive($client, $header, $files) or die "the copy cannot be unpacked: @{[last_line($log)]}\n";
    -e "$folder/backup-my.cnf" or die "the copy is empty: its source failed\n";
}

# One seed at a time.
sub lock_seed {
    open(my $lock, '>', '/run/mysqld/seed.lock') or die "seed.lock: $!\n";
    flock($lock, LOCK_EX | LOCK_NB) or die "another seed is being made\n";
    return $lock;
}

1;
