using System.Diagnostics;
using WpFarm.Tests.Integration.Run;

[assembly: AssemblyFixture(typeof(ClassTimes))]

namespace WpFarm.Tests.Integration.Run;

/// <summary>
/// Measures how long each class with a real engine takes. The time between two tests (a farm that starts, a fixture) counts for the class
/// of the later test, so that the sum is the duration of the run.
/// </summary>
public sealed class ClassTimes : IDisposable
{
    private static readonly Dictionary<string, (TimeSpan Took, int Tests)> s_classes = [];
    private static readonly long s_started = Stopwatch.GetTimestamp();
    private static TimeSpan s_counted;

    /// <summary>Records that a test of the class has ended. Tests with a real engine run one at a time.</summary>
    public static void Ended(string testClass)
    {
        var now = Stopwatch.GetElapsedTime(s_started);
        var (took, tests) = s_classes.GetValueOrDefault(testClass);
        s_classes[testClass] = (took + now - s_counted, tests + 1);
        s_counted = now;
    }

    /// <summary>Prints the table at the end of the run: minutes, number of tests, class, in the order in which they ran.</summary>
    public void Dispose()
    {
        if (s_classes.Count == 0)
            return;
        Console.Error.WriteLine("== minutes by class ==");
        foreach (var (testClass, (took, tests)) in s_classes)
            Console.Error.WriteLine($"{took.TotalMinutes, 6:0.0} {tests, 4} {testClass}");
        Console.Error.WriteLine(
            $"{Stopwatch.GetElapsedTime(s_started).TotalMinutes, 6:0.0} {s_classes.Values.Sum(value => value.Tests), 4} in all"
        );
    }
}
