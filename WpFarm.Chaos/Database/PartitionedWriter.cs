using WpFarm.Deployment.Compose;

namespace WpFarm.Chaos.Database;

/// <summary>Writes on one server from inside its container, as a client on the server's side of a network partition would.</summary>
internal sealed class PartitionedWriter(ComposeContainers containers, string server)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly List<long> _answered = [];
    private volatile bool _stopped;
    private Task _writing = Task.CompletedTask;

    /// <summary>Numbers that the server acknowledged, although no other server could have received them.</summary>
    public IReadOnlyList<long> Answered => _answered;

    public void Start() =>
        _writing = Task.Run(async () =>
        {
            for (var number = -1L; !_stopped; number--)
                if (
                    await containers.SqlAsync(
                        server,
                        $"INSERT INTO {DatabaseStage.Table} (number) VALUES ({number})",
                        s_patience,
                        CancellationToken.None
                    )
                    is not null
                )
                    _answered.Add(number);
        });

    public Task StopAsync()
    {
        _stopped = true;
        return _writing;
    }
}
