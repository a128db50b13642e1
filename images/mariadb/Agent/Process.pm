# Orders about the server's process and its disk.
package Agent::Process;
use strict;
use warnings;
use Agent::Http qw(json respond);
use Agent::Server qw(HOME DATA contents server);

sub crash {
    my ($client) = @_;
    my $server = server() or die "the server does not run\n";
    kill(0, $server) or die "kill: $!\n";
    # Answers first, because this container ends with the server.
    respond($client, 200, 'killed');
    kill(9, $server);
    return;
}

sub free { return qx(df --output=avail -B1 @{[HOME]}) =~ /(\d+)\s*$/ ? $1 : die "df failed\n" }

sub room {
    my ($data) = qx(du -sb @{[DATA]}) =~ /^(\d+)/ or die "du failed\n";
    return "$data " . free();
}

sub origin {
    my ($version) = qx(mariadb-backup --version 2>&1) =~ /(\d+\.\d+\.\d+)/ or die "mariadb-backup --version failed\n";
    return json({ instance => contents(DATA . '/instance') || die("@{[DATA]}/instance is missing or empty\n"), version => $version });
}

1;
