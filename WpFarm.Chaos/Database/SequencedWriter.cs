using System.Diagnostics;
using MySqlConnector;

namespace WpFarm.Chaos.Database;

/// <summary>
/// Writes numbered rows one after the other, as a site does: through the farm's proxy, with a new connection after an error. Records the
/// acknowledged numbers here, outside the database.
/// </summary>
internal sealed class SequencedWriter : IAsyncDisposable
{
    /// <summary>Pause between two writes of a session. With a shorter one, a small machine fails from the load alone.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);

    private readonly string _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(long Number, long At)> _acknowledged = [];
    private readonly Task[] _writing;
    private long _number;

    /// <param name="writers">Sessions that write at the same time.</param>
    public SequencedWriter(string connection, int writers)
    {
        _connection = connection;
        _writing = [.. Enumerable.Range(0, writers).Select(_ => Task.Run(WriteAsync))];
    }

    public long Count
    {
        get
        {
            lock (_acknowledged)
                return _acknowledged.Count;
        }
    }

    public IReadOnlyList<long> Acknowledged
    {
        get
        {
            lock (_acknowledged)
                return [.. _acknowledged.Select(write => write.Number)];
        }
    }

    /// <summary>The longest time in which no write was answered.</summary>
    public TimeSpan LongestPause
    {
        get
        {
            lock (_acknowledged)
                return _acknowledged
                    .Zip(_acknowledged.Skip(1), (before, after) => Stopwatch.GetElapsedTime(before.At, after.At))
                    .DefaultIfEmpty()
                    .Max();
        }
    }

    /// <summary>Message of the last failed write, for the report when no write succeeds any more.</summary>
    public string? LastError { get; private set; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        MySqlConnection? connection = null;
        using var pause = new PeriodicTimer(s_pace);
        while (!_stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _number);
            try
            {
                if (connection is null)
                    await (connection = new MySqlConnection(_connection)).OpenAsync(CancellationToken.None);
                await using var insert = new MySqlCommand("INSERT INTO writes (number) VALUES (@number)", connection);
                insert.Parameters.AddWithValue("number", number);
                await insert.ExecuteNonQueryAsync(CancellationToken.None);
                lock (_acknowledged)
                    _acknowledged.Add((number, Stopwatch.GetTimestamp()));
            }
            catch (Exception e) when (e is MySqlException or InvalidOperationException or IOException or TimeoutException)
            {
                LastError = e.Message;
                if (connection is not null)
                    await connection.DisposeAsync();
                connection = null;
            }

            await pause.WaitForNextTickAsync(CancellationToken.None);
        }

        if (connection is not null)
            await connection.DisposeAsync();
    }
}
