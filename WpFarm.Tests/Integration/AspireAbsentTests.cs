#if !ASPIRE
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Replaces the tests under <c>Aspire/</c> in a build without Aspire, so that the run reports what it did not run.</summary>
[Integration(Stage.Destroys)]
public sealed class AspireAbsentTests
{
    [Fact(Skip = "Aspire's packages are not on this feed")]
    public void TheFarmOnAspire() { }
}
#endif
