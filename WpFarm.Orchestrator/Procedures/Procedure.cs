using System.Data.Common;

namespace WpFarm.Orchestrator.Procedures;

/// <summary>Runs a long procedure in named phases, and reports its progress at each phase.</summary>
internal sealed class Procedure<TReport>(TReport report, TimeProvider time, Action<TReport> publish)
    where TReport : ProcedureReport
{
    public TReport Report { get; private set; } = report;

    /// <param name="what">Result to report when the phase succeeds.</param>
    /// <exception cref="PhaseFailedException">The phase's name, and why.</exception>
    public Task PhaseAsync(string name, string what, Func<Task> work) => PhaseAsync(name, async () =>
        {
            await work();
            return what;
        });

    /// <param name="work">The work of the phase. It returns what it found or did, in words.</param>
    /// <exception cref="PhaseFailedException">The phase's name, and why.</exception>
    public async Task PhaseAsync(string name, Func<Task<string>> work)
    {
        var started = time.GetTimestamp();
        Publish(Report with { Running = name });
        try
        {
            var found = await work();
            Report = Report with { Running = null, Phases = [.. Report.Phases, new(name, time.GetElapsedTime(started), found)] };
        }
        catch (Exception e) when (e is DbException or TimeoutException or HttpRequestException or IOException or RefusedException)
        {
            var failure = $"{name}: {e.Message}";
            Publish(
                Report with
                {
                    Running = null,
                    Failure = failure,
                    Ended = time.GetUtcNow(),
                    Phases = [.. Report.Phases, new(name, time.GetElapsedTime(started), e.Message)],
                }
            );
            throw new PhaseFailedException(failure, e);
        }
    }

    public TReport End()
    {
        Publish(Report with { Ended = time.GetUtcNow() });
        return Report;
    }

    public void Publish(TReport report) => publish(Report = report);
}
