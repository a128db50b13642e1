package RedisNode;

# Sends commands to Redis nodes, for redis-cluster and redis-follow.
use strict;
use warnings;
use Exporter 'import';
use IO::Socket::INET;
use Socket;

our @EXPORT_OK = qw(address_of ask node_state names);

# The state of a node, from its CLUSTER NODES. A line: id address flags master ping pong epoch link slots...
sub node_state {
    my ($name) = @_;
    my %node = (name => $name, address => address_of($name), known => [], connected => {}, slots => []);
    for my $line (split /\n/, ask($node{address}, 'CLUSTER', 'NODES')) {
        my ($id, undef, $flags, $master, undef, undef, undef, $link, @ranges) = split ' ', $line;
        next if $flags =~ /handshake/;
        push @{ $node{known} }, $id;
        $node{connected}{$id} = 1 if $link eq 'connected' && $flags !~ /noaddr/;
        next if $flags !~ /myself/;
        $node{id} = $id;
        $node{master} = $master eq '-' ? '' : $master;
        $node{slots} = [map { /^(\d+)-(\d+)$/ ? ($1 .. $2) : /^(\d+)$/ ? $1 : () } @ranges];
    }
    return \%node;
}

sub names { join ', ', map { $_->{name} } @_ }

# Sends one command over a new connection, and returns the reply as text. Dies on an error, or without an answer in 2 s.
sub ask {
    my ($address, @command) = @_;
    my $server = IO::Socket::INET->new(PeerAddr => $address, PeerPort => 6379, Timeout => 2) or die "no connection to $address\n";
    local $SIG{ALRM} = sub { die "no answer from $address\n" };
    alarm 2;
    my $allowed = send_command($server, 'AUTH', password());
    die "$address: AUTH: $allowed" if $allowed !~ /^\+/;
    my $first = send_command($server, @command);
    my $reply = $first;
    if ($first =~ /^\$(\d+)/) { read $server, $reply, $1 }
    alarm 0;
    die "$address: @command[0 .. ($#command > 2 ? 2 : $#command)]: $reply" if $first !~ /^[+\$:]/;
    return $reply =~ s/\r//gr;
}

sub address_of {
    my ($name) = @_;
    my $packed = inet_aton($name) or die "$name has no address\n";
    return inet_ntoa($packed);
}

# Sends a command, and returns the first line of the reply.
sub send_command {
    my ($server, @command) = @_;
    print $server '*' . @command . "\r\n", map { '$' . length($_) . "\r\n$_\r\n" } @command;
    return <$server> // '';
}

# The first line is the password that clients use. It is read each time, because it may have changed.
sub password {
    open my $file, '<', '/run/secrets/redis-password' or die "/run/secrets/redis-password: $!\n";
    my $line = <$file>;
    chomp $line;
    return $line;
}

1;
