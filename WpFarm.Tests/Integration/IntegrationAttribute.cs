using System.Diagnostics;
using System.Reflection;
using Xunit.v3;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Marks what needs a real engine and minutes. Says when each test begins and how long it took; one that hangs ends the run, by name:
/// whoever waits for the run would otherwise learn neither which, nor anything else.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class IntegrationAttribute : BeforeAfterTestAttribute, ITraitAttribute
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(30);

    /// <summary>A run takes 60 min on two cores, and its last test begins after 48. On a machine so slow that it takes longer than this, the rest is left out, and said to be.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(60);

    /// <summary>They run one at a time.</summary>
    private static (Timer Watchdog, long Since)? s_running;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Kind", "Integration")];

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        Assert.SkipWhen(TimeProvider.System.GetLocalNow() - Process.GetCurrentProcess().StartTime > s_budget, $"not run: the tests before it took {s_budget.TotalMinutes:0} min");
        Say($"begins {test.TestDisplayName}");
        s_running = (new Timer(_ => GiveUp(test), null, s_limit, Timeout.InfiniteTimeSpan), Stopwatch.GetTimestamp());
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (s_running is not var (watchdog, since))
            return;
        watchdog.Dispose();
        Say($"{(TestContext.Current.TestState?.Result == TestResult.Failed ? "FAILED" : "ended")} after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
    }

    private static void GiveUp(IXunitTest test)
    {
        Say($"HANGS for {s_limit.TotalMinutes:0} min, the run ends here: {test.TestDisplayName}");
        Environment.Exit(1);
    }

    private static void Say(string what) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {what}");
}
