using System.Diagnostics.CodeAnalysis;
using FsCheck.Xunit;

namespace WpFarm.Tests;

/// <summary>
/// A property of generated inputs. The gate generates the same inputs in each run, so that a failure can be reproduced. The long run
/// generates other inputs each time; what it finds becomes a test of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[SuppressMessage("Extensibility", "xUnit3003", Justification = "PropertyAttribute takes no source information.")]
public sealed class GeneratedAttribute : PropertyAttribute
{
    /// <summary><c>./farm test --long</c> sets it to 1: each run has other inputs.</summary>
    private const string RandomVariable = "WPFARM_TEST_RANDOM";

    public GeneratedAttribute()
    {
        QuietOnSuccess = true;
        if (Environment.GetEnvironmentVariable(RandomVariable) != "1")
            Replay = "20260901,1";
    }
}
