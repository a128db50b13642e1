# Counts rows and computes checksums of the tables, to compare a restored copy with; and runs MariaDB's own check.
package Agent::Contents;
use strict;
use warnings;
use Agent::Http qw(json);
use Agent::Server qw(HOME session position scratch contents);
use IO::Select;
use POSIX ();

# The databases of the server itself, and the Orchestrator's cluster state, which differ between servers.
use constant OWN => "'information_schema', 'mysql', 'performance_schema', 'sys', 'wpfarm'";

sub contents_of {
    my ($client, $argument) = @_;
    return json(digests()) unless exists $argument->{copy};
    my $kept = contents(file_of($argument->{copy}));
    die "the checksums of this copy are not available: the server keeps them until the next copy or a restart\n" if $kept eq '';
    return $kept;
}

sub check {
    return scratch(sub {
        my ($folder) = @_;
        my ($output, $errors) = ("$folder/output", "$folder/errors");
        my $failed = system('bash', '-c', 'nice -n 10 mariadb-check --all-databases --check > "$1" 2> "$2"', 'check', $output, $errors);
        my @found = grep { /\S/ && !/\sOK$/ } split /\n/, contents($output) . contents($errors);
        die "mariadb-check failed: @found\n" if $failed && !grep { /^(error|warning|status)\s*:/i } @found;
        return json(\@found);
    });
}

# Starts counting at the same time as the copy, while the server applies nothing: so both are of one position. The writer cannot pause.
sub begin_digests {
    my ($session) = @_;
    return if !$session->selectrow_array('SELECT @@global.read_only');
    unlink glob file_of('*');
    my $id = sprintf '%08x%06x', time, $$;
    my $position = position($session);
    defined(my $child = open(my $outcome, '-|')) or die "fork: $!\n";
    return { id => $id, outcome => $outcome, position => $position } if $child;
    print STDOUT eval { store($id); '' } // "the tables could not be counted: $@";
    close STDOUT;
    POSIX::_exit(0);
}

sub end_digests {
    my ($digests, $session, $is_paused) = @_;
    my $readable = IO::Select->new($digests->{outcome});
    until ($readable->can_read(1)) {
        $is_paused->() or die "the server applies transactions again\n";
    }
    my $failure = do { local $/; readline $digests->{outcome} } // '';
    die $failure if $failure ne '';
    -e file_of($digests->{id}) or die "the tables could not be counted\n";
    my $position = position($session);
    die "the server was written to during the copy: $digests->{position} became $position\n" if $position ne $digests->{position};
    return ('Copy-Contents' => $digests->{id});
}

# The rows and the checksum of a table are of one moment; without writes, those of all tables are. A snapshot lasts only as long as it takes
# to read one table.
sub digests {
    my $session = session();
    my $tables = $session->selectall_arrayref(<<"SQL");
SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES
WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN (@{[OWN]}) ORDER BY 1, 2
SQL
    return [map { digest($session, @$_) } @$tables];
}

sub digest {
    my ($session, $database, $table) = @_;
    my $name = $session->quote_identifier(undef, $database, $table);
    $session->do('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    my ($rows, undef, $checksum) = eval {
        ($session->selectrow_array("SELECT COUNT(*) FROM $name"), $session->selectrow_array("CHECKSUM TABLE $name"))
    };
    my $failure = $@ || 'it has no checksum';
    $session->do('COMMIT');
    return { database => $database, table => $table, rows => 0 + $rows, checksum => 0 + $checksum } if defined $rows && defined $checksum;
    my $count = 'SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?';
    my ($exists) = $session->selectrow_array($count, undef, $database, $table);
    # It was dropped since it was listed.
    return () unless $exists;
    die "$database.$table cannot be read: $failure";
}

sub store {
    my ($id) = @_;
    my $file = file_of($id);
    open(my $new, '>', "$file.new") or die "$file: $!\n";
    print $new json(digests()) or die "$file: $!\n";
    close $new or die "$file: $!\n";
    rename "$file.new", $file or die "$file: $!\n";
}

sub file_of {
    my ($id) = @_;
    die "copy: not the id of a copy\n" unless $id =~ /^([0-9a-f]{14}|\*)$/;
    return HOME . "/tmp/contents-$id";
}

1;
