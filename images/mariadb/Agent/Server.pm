# What all orders need of the server: a session, its position, a folder for a while.
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

# As whoever is inside, who may do everything, on a server that is read-only too. A statement takes as long as it takes.
sub session {
    my (%option) = @_;
    return DBI->connect('dbi:MariaDB:mariadb_socket=/run/mysqld/mysqld.sock', 'mysql', undef,
        { RaiseError => 1, PrintError => 0, AutoInactiveDestroy => 1, mariadb_connect_timeout => 2, %option });
}

# What this server has. In its own domain that is its binary log alone: the replication position also moves when its own transactions
# come back to it, and stays when a crash rolls them back.
sub position {
    my ($session) = @_;
    my ($own, $logged, $replicated) = $session->selectrow_array('SELECT @@global.gtid_domain_id, @@global.gtid_binlog_pos, @@global.gtid_slave_pos');
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

# A folder for the time of an order. What a killed one leaves is gone when the server starts again.
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

# Programs in bash, which read what is written to the handle.
sub pipe_to {
    my ($script, @arguments) = @_;
    # This process goes on when they do not take it; among them, whoever is left by its reader is to end, rather than to say so.
    local $SIG{PIPE} = 'DEFAULT';
    open(my $into, '|-', 'bash', '-c', $script, 'agent', @arguments) or die "bash: $!\n";
    return $into;
}

sub run { system(@_) == 0 or die "@_ failed\n" }

sub server { contents('/run/mysqld/mysqld.pid') =~ /^(\d+)/ ? $1 : undef }

sub name { contents('/etc/farm/my.cnf') =~ /^report_host *= *(\S+)/m ? $1 : die "no name\n" }

# Why a program failed, from what it said.
sub last_line {
    my @lines = grep { /\S/ } split /\n/, contents(shift);
    my ($error) = grep { /error/i } reverse @lines;
    return $error // $lines[-1] // 'no reason given';
}

# '' when it cannot be read.
sub contents {
    my ($path) = @_;
    open(my $file, '<', $path) or return '';
    local $/;
    return <$file> // '';
}

1;
