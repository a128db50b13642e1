# Exports one database as statements, and imports such an export.
package Agent::Export;
use strict;
use warnings;
use Agent::Http qw(CHUNK begin_stream send_chunk end_stream receive);
use Agent::Server qw(HOME POSITION pipe_to session scratch last_line contents);
use DBI;
use Fcntl qw(:flock);
use File::Path qw(remove_tree);

# Names within "wp%", on which sites_admin has its privileges. MariaDB allows 64 characters.
use constant DATABASE => qr/(?=.{1,64}$)wp[a-z0-9_]+/a;
use constant ASIDE => qr/(?=.{1,64}$)wp[a-z0-9_]+__aside_\d{14}/a;
use constant LOADING => '__import';
# Seconds that the swap waits for transactions that use the tables. Statements that come after it wait for it.
use constant SWAP_WAIT => 10;

sub export {
    my ($client, $argument) = @_;
    my $database = database($argument->{database});
    my $count = 'SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?';
    my ($exists) = session()->selectrow_array($count, undef, $database);
    die "$database: there is no such database\n" unless $exists;
    my $folder = HOME . "/tmp/export.$$";
    mkdir $folder or die "$folder: $!\n";
    # With both --single-transaction and --master-data, the export is a snapshot of a known position, and locks no table.
    my $pid = open(my $stream, '-|', 'bash', '-c', <<'SH', 'export', $folder, $database) or die "bash: $!\n";
set -o pipefail
nice -n 10 mariadb-dump --single-transaction --master-data=2 --gtid --routines --triggers --events --hex-blob \
    --max-allowed-packet=64M "$2" 2> "$1/log" |
    LC_ALL=C sed "/^-- SET GLOBAL gtid_slave_pos=/w $1/gtid" | nice -n 10 zstd -q -3
SH
    binmode $stream;
    begin_stream($client, qw(Export-Gtid Copy-Failure));
    while (my $size = sysread($stream, my $block, CHUNK)) {
        send_chunk($client, $block) or last;
    }
    my %trailer = !close $stream ? ('Copy-Failure' => last_line("$folder/log"))
        : contents("$folder/gtid") =~ /gtid_slave_pos='(@{[POSITION]})'/ ? ('Export-Gtid' => $1)
        : ('Copy-Failure' => 'mariadb-dump has not written the position of its snapshot');
    remove_tree($folder);
    end_stream($client, %trailer);
    return;
}

# Loads an export into a second database first, then swaps the tables. It works as sites_admin, whose statements read_only refuses: a server
# that is no longer the writer writes nothing more.
sub replace {
    my ($client, $argument, $header) = @_;
    my $database = database($argument->{database});
    my $aside = $argument->{aside} // "${database}__aside_" . '0' x 14;
    die "aside: not ${database}__aside_ and 14 digits\n" unless $aside =~ /^@{[ASIDE]}$/ && $aside =~ /^\Q$database\E__aside_/;
    my $loading = $database . LOADING;
    die "$database: the name is too long; with '@{[LOADING]}' added it may have 64 characters\n" if length $loading > 64;
    my $lock = lock_import();
    my $session = writing_session();
    die "$aside is there already: remove it, or choose another name\n" if exists $argument->{aside} && tables($session, $aside);
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

# Swaps all tables in one statement, which is atomic, even in a crash.
sub swap {
    my ($session, $database, $loading, $aside) = @_;
    my @new = tables($session, $loading) or die "the export has no tables\n";
    $session->do("CREATE DATABASE IF NOT EXISTS $_") for $database, $aside;
    my @moves = ((map { "$database.$_ TO $aside.$_" } tables($session, $database)), (map { "$loading.$_ TO $database.$_" } @new));
    $session->do('SET SESSION lock_wait_timeout = ' . SWAP_WAIT);
    $session->do('RENAME TABLE ' . join ', ', @moves);
}

# The names of the tables, quoted for SQL.
sub tables {
    my ($session, $database) = @_;
    my $names = $session->selectcol_arrayref(<<'SQL', undef, $database);
SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1
SQL
    return map { $session->quote_identifier($_) } @$names;
}

# Only tables can be moved between databases.
sub refuse_others {
    my ($session, $database) = @_;
    my $others = $session->selectcol_arrayref(<<'SQL', undef, ($database) x 4);
SELECT CONCAT(LOWER(TABLE_TYPE), ' ', TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'BASE TABLE'
UNION ALL SELECT CONCAT('trigger ', TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
UNION ALL SELECT CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
UNION ALL SELECT CONCAT('event ', EVENT_NAME) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?
SQL
    die "$database has @{[join ', ', @$others]}: only tables can be replaced. Drop these first, and create them again afterwards\n"
        if @$others;
}

sub writing_session {
    my ($read_only) = session()->selectrow_array('SELECT @@global.read_only');
    die "this server does not take writes: send the order to the writer\n" if $read_only;
    return DBI->connect('dbi:MariaDB:mariadb_socket=/run/mysqld/mysqld.sock', 'sites_admin', password(),
        { RaiseError => 1, PrintError => 0, mariadb_connect_timeout => 2 });
}

# Writes an option file for programs, because other users can read a command line.
sub credentials {
    my ($path) = @_;
    open(my $file, '>', $path) or die "$path: $!\n";
    chmod 0600, $path;
    print $file "[client]\nuser = sites_admin\npassword = '@{[password()]}'\n";
    close $file or die "$path: $!\n";
}

# The first line is the password that clients use.
sub password { return (split /\n/, contents('/run/secrets/mariadb-sites-password'))[0] }

sub database {
    my ($name) = @_;
    die "database: not one of a site\n" unless defined $name && $name =~ /^@{[DATABASE]}$/ && $name !~ /__(import|aside_\d{14})$/;
    return $name;
}

sub lock_import {
    open(my $lock, '>', '/run/mysqld/import.lock') or die "import.lock: $!\n";
    flock($lock, LOCK_EX | LOCK_NB) or die "another import is running\n";
    return $lock;
}

1;
