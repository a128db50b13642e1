# One database as statements, and back.
package Agent::Export;
use strict;
use warnings;
use Agent::Http qw(CHUNK begin_stream send_chunk end_stream receive);
use Agent::Server qw(HOME POSITION pipe_to session scratch last_line contents);
use DBI;
use Fcntl qw(:flock);
use File::Path qw(remove_tree);

# Within "wp%", on which sites_admin has its rights; 64 characters are what MariaDB allows.
use constant DATABASE => qr/(?=.{1,64}$)wp[a-z0-9_]+/a;
use constant ASIDE => qr/(?=.{1,64}$)wp[a-z0-9_]+__aside_\d{14}/a;
use constant LOADING => '__import';
# Seconds that the swap waits for transactions that use the tables. Whoever comes after it waits, too.
use constant PATIENCE => 10;

sub export {
    my ($client, $argument) = @_;
    my $database = database($argument->{database});
    my ($there) = session()->selectrow_array('SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', undef, $database);
    die "$database: there is no such database\n" unless $there;
    my $folder = HOME . "/tmp/export.$$";
    mkdir $folder or die "$folder: $!\n";
    # With both --single-transaction and --master-data, it is a snapshot of a known position, and nobody is locked out.
    my $pid = open(my $stream, '-|', 'bash', '-c', <<'SH', 'export', $folder, $database) or die "bash: $!\n";
set -o pipefail
nice -n 10 mariadb-dump --single-transaction --master-data=2 --gtid --routines --triggers --events --hex-blob --max-allowed-packet=64M "$2" 2> "$1/log" |
    LC_ALL=C sed "/^-- SET GLOBAL gtid_slave_pos=/w $1/gtid" | nice -n 10 zstd -q -3
SH
    binmode $stream;
    begin_stream($client, qw(Export-Gtid Copy-Failure));
    while (my $size = sysread($stream, my $block, CHUNK)) {
        send_chunk($client, $block) or last;
    }
    my %trailer = !close $stream ? ('Copy-Failure' => last_line("$folder/log"))
        : contents("$folder/gtid") =~ /gtid_slave_pos='(@{[POSITION]})'/ ? ('Export-Gtid' => $1)
        : ('Copy-Failure' => 'mariadb-dump did not say of which position it is');
    remove_tree($folder);
    end_stream($client, %trailer);
    return;
}

# Loaded into a database beside it first. Everything is done as sites_admin, whom read_only stops: a server that ceases to be the writer in
# the middle writes nothing more.
sub replace {
    my ($client, $argument, $header) = @_;
    my $database = database($argument->{database});
    my $aside = $argument->{aside} // "${database}__aside_" . '0' x 14;
    die "aside: not ${database}__aside_ and 14 digits\n" unless $aside =~ /^@{[ASIDE]}$/ && $aside =~ /^\Q$database\E__aside_/;
    my $loading = $database . LOADING;
    die "$database: too long a name to be replaced\n" if length $loading > 64;
    my $lock = lock_import();
    my $session = writing_session();
    die "$aside is there already: remove it, or name another\n" if exists $argument->{aside} && tables($session, $aside);
    refuse_others($session, $database);
    my $loaded = eval {
        $session->do("DROP DATABASE IF EXISTS $_") for $loading, exists $argument->{aside} ? () : $aside;
        $session->do("CREATE DATABASE $loading");
        load($client, $header, $loading);
        refuse_others($session, $loading);
        swap($session, $database, $loading, $aside);
        1;
    };
    my $failure = $@;
    eval { $session->do("DROP DATABASE IF EXISTS $loading") } or $failure ||= $@;
    die $failure unless $loaded;
    $session->do("DROP DATABASE IF EXISTS $aside") unless exists $argument->{aside};
    return '';
}

sub remove {
    my ($client, $argument) = @_;
    my $name = $argument->{name} // '';
    die "name: only what an import has put aside is removed\n" unless $name =~ /^@{[ASIDE]}$/;
    writing_session()->do("DROP DATABASE IF EXISTS $name");
    return '';
}

sub load {
    my ($client, $header, $database) = @_;
    scratch(sub {
        my ($folder) = @_;
        credentials("$folder/client");
        return if receive($client, $header, pipe_to(<<'SH', $folder, $database));
set -o pipefail
zstd -dq 2> "$1/unpacked" | mariadb --defaults-extra-file="$1/client" --binary-mode --max-allowed-packet=64M --database="$2" 2> "$1/loaded"
SH
        die 'the export cannot be loaded: ' . last_line(-s "$folder/loaded" ? "$folder/loaded" : "$folder/unpacked") . "\n";
    });
}

# All tables in one statement, which is atomic, also over a crash.
sub swap {
    my ($session, $database, $loading, $aside) = @_;
    my @new = tables($session, $loading) or die "the export has no tables\n";
    $session->do("CREATE DATABASE IF NOT EXISTS $_") for $database, $aside;
    my @moves = ((map { "$database.$_ TO $aside.$_" } tables($session, $database)), (map { "$loading.$_ TO $database.$_" } @new));
    $session->do('SET SESSION lock_wait_timeout = ' . PATIENCE);
    $session->do('RENAME TABLE ' . join ', ', @moves);
}

# Names of tables, as SQL has them.
sub tables {
    my ($session, $database) = @_;
    my $names = $session->selectcol_arrayref("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1", undef, $database);
    return map { $session->quote_identifier($_) } @$names;
}

# Tables alone can be moved.
sub refuse_others {
    my ($session, $database) = @_;
    my $others = $session->selectcol_arrayref(<<'SQL', undef, ($database) x 4);
SELECT CONCAT(LOWER(TABLE_TYPE), ' ', TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'BASE TABLE'
UNION ALL SELECT CONCAT('trigger ', TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
UNION ALL SELECT CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
UNION ALL SELECT CONCAT('event ', EVENT_NAME) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?
SQL
    die "$database has @{[join ', ', @$others]}: only tables can be replaced. Remove them first, and make them anew after it\n" if @$others;
}

sub writing_session {
    my ($read_only) = session()->selectrow_array('SELECT @@global.read_only');
    die "this server does not take writes: it is for the writer\n" if $read_only;
    return DBI->connect('dbi:MariaDB:mariadb_socket=/run/mysqld/mysqld.sock', 'sites_admin', password(), { RaiseError => 1, PrintError => 0, mariadb_connect_timeout => 2 });
}

# For programs: not on a command line, where others read it.
sub credentials {
    my ($path) = @_;
    open(my $file, '>', $path) or die "$path: $!\n";
    chmod 0600, $path;
    print $file "[client]\nuser = sites_admin\npassword = '@{[password()]}'\n";
    close $file or die "$path: $!\n";
}

# The first line is what is used.
sub password { return (split /\n/, contents('/run/secrets/mariadb-sites-password'))[0] }

sub database {
    my ($name) = @_;
    die "database: not one of a site\n" unless defined $name && $name =~ /^@{[DATABASE]}$/ && $name !~ /__(import|aside_\d{14})$/;
    return $name;
}

sub lock_import {
    open(my $lock, '>', '/run/mysqld/import.lock') or die "import.lock: $!\n";
    flock($lock, LOCK_EX | LOCK_NB) or die "another import is under way\n";
    return $lock;
}

1;
