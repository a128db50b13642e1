# Functions that all orders use: a session, the server's position, a temporary folder, and programs.
package Agent::Server;
use strict;
use warnings;
use DBI;
use Exporter qw(import);
use File::Path qw(remove_tree);

our @EXPORT_OK = qw(HOME DATA POSITION pipe_to session position number_in scratch run server name last_line contents);

use constant HOME => '/var/lib/mysql';
use constant DATA => HOME . '/data';
use constant POSITION => qr/(?:\d+-\d+-\d+(?:,\d+-\d+-\d+)*)?/a;

# A session as the user "mysql", who may do everything from inside the container, also on a read-only server. Without a limit on the time of
# a statement.
sub session {
    my (%option) = @_;
    return DBI->connect('dbi:MariaDB:mariadb_socket=/run/mysqld/mysqld.sock', 'mysql', undef,
        { RaiseError => 1, PrintError => 0, AutoInactiveDestroy => 1, mariadb_connect_timeout => 2, %option });
}

# The position of this server. In its own domain only the binary log counts: the replication position also advances when the server's own
# transactions come back to it, and does not go back when a crash rolls them back.
sub position {
    my ($session) = @_;
    my $positions = 'SELECT @@global.gtid_domain_id, @@global.gtid_binlog_pos, @@global.gtid_slave_pos';
    my ($own, $logged, $replicated) = $session->selectrow_array($positions);
    my %last = map { /^(\d+)-/ ? ($1 => $_) : () } split /,/, $logged;
    for my $gtid (split /,/, $replicated) {
        my ($domain, undef, $number) = split /-/, $gtid;
        next if defined $last{$domain} && ($domain == $own || number_in($last{$domain}, $domain) >= $number);
        $last{$domain} = $gtid;
    }
    return join ',', map { $last{$_} } sort { $a <=> $b } keys %last;
}

# The number of a position's last transaction in a domain; 0 when there is none.
sub number_in {
    my ($position, $domain) = @_;
    return $position =~ /(?:^|,)$domain-\d+-(\d+)/ ? $1 : 0;
}

# Runs the work with a temporary folder. The next start of the server removes the folder of a killed order.
sub scratch {
    my ($work) = @_;
    my $folder = HOME . "/tmp/order.$$";
    mkdir $folder or die "$folder: $!\n";
    my $result = eval { $work->($folder) };
    my $failure = $@;
    remove_tree($folder);
    die $failure if $failure;
    return $result;
}

# Runs a script in bash, which reads from the returned handle.
sub pipe_to {
    my ($script, @arguments) = @_;
    # This process ignores SIGPIPE. The script's programs must not: each must end quietly when its reader has ended.
    local $SIG{PIPE} = 'DEFAULT';
    open(my $into, '|-', 'bash', '-c', $script, 'agent', @arguments) or die "bash: $!\n";
    return $into;
}

sub run { system(@_) == 0 or die "@_ failed\n" }

sub server { contents('/run/mysqld/mysqld.pid') =~ /^(\d+)/ ? $1 : undef }

sub name { contents('/etc/farm/my.cnf') =~ /^report_host *= *(\S+)/m ? $1 : die "/etc/farm/my.cnf has no report_host\n" }

# The reason why a program failed, from its output.
sub last_line {
    my @lines = grep { /\S/ } split /\n/, contents(shift);
    my ($error) = grep { /error/i } reverse @lines;
    return $error // $lines[-1] // 'no reason given';
}

# The text of a file; '' when it cannot be read.
sub contents {
    my ($path) = @_;
    open(my $file, '<', $path) or return '';
    local $/;
    return <$file> // '';
}

1;
