using System.Diagnostics.CodeAnalysis;
using FsCheck.Xunit;

namespace WpFarm.Tests;

/// <summary>
/// A property of generated inputs. The gate generates the same ones in each run: a red run is red again when it is repeated. The long run
/// generates others each time, and what it finds becomes a test of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[SuppressMessage("Extensibility", "xUnit3003", Justification = "PropertyAttribute takes no source information.")]
public sealed class GeneratedAttribute : PropertyAttribute
{
    /// <summary>Set to 1 by <c>./farm test --long</c>: other inputs in each run.</summary>
    private const string RandomVariable = "WPFARM_TEST_RANDOM";

    public GeneratedAttribute()
    {
        QuietOnSuccess = true;
        if (Environment.GetEnvironmentVariable(RandomVariable) != "1")
            Replay = "20260901,1";
    }
}
