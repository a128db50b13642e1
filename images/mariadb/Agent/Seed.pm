# Replaces this server's data by a copy of another server's, the seed.
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
    -e SEED . '/prepared' or die "there is no prepared base: send PUT /seed/base first\n";
    unlink SEED . '/prepared';
    extract($client, $header, SEED . '/increment');
    prepare('--incremental-dir=' . SEED . '/increment');
    remove_tree(SEED . '/increment');
    return '';
}

# The present server runs until then. It is killed, because its data is no longer needed; data that is kept aside recovers as after a loss
# of power.
sub use_seed {
    my ($client, $argument) = @_;
    my $lock = lock_seed();
    my $gtid = $argument->{gtid} // '';
    die "gtid: not a position\n" unless $gtid =~ /^@{[POSITION]}$/;
    -e SEED . '/prepared' or die "there is no prepared seed: send PUT /seed/base first\n";
    note('position', $gtid);
    note('aside', '') if $argument->{aside};
    run('sync', '-f', SEED);
    rename SEED, SEED . '.ready' or die "@{[SEED]}.ready: $!\n";
    my $server = server();
    respond($client, 200, '');
    kill(9, $server) if $server;
    return;
}

# Moves the data to the folder that the entrypoint deletes before it creates an empty data directory.
sub empty {
    my ($client) = @_;
    die "this server's data must not be deleted: my.cnf has no may_be_emptied = 1\n"
        unless contents('/etc/farm/my.cnf') =~ /^may_be_emptied *= *1$/m;
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

# Renames it first, so that half of it is never taken for all of it. The next start removes the rest of an interrupted removal.
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
    my ($log, @options) = (SEED . '/log', '--target-dir=' . SEED . '/data', @_);
    system('bash', '-c', 'log=$1; shift; mariadb-backup --prepare "$@" 2> "$log"', 'prepare', $log, @options) == 0
        or die "mariadb-backup --prepare failed: @{[last_line($log)]}\n";
    note('prepared', '');
}

# Unpacks the body of a request into files in a new folder.
sub extract {
    my ($client, $header, $folder) = @_;
    remove_tree($folder);
    mkdir $folder or die "$folder: $!\n";
    my $log = SEED . '/log';
    my $files = pipe_to('set -o pipefail; (zstd -dq | mbstream -x -C "$1") 2> "$2"', $folder, $log);
    receive($client, $header, $files) or die "the copy cannot be unpacked: @{[last_line($log)]}\n";
    -e "$folder/backup-my.cnf" or die "the copy has no backup-my.cnf: its source failed\n";
}

# One seed at a time.
sub lock_seed {
    open(my $lock, '>', '/run/mysqld/seed.lock') or die "seed.lock: $!\n";
    flock($lock, LOCK_EX | LOCK_NB) or die "another seed is being made\n";
    return $lock;
}

1;
