#if !ASPIRE
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Stands in for the tests under <c>Aspire/</c>, so that a run without Aspire says what it did not run.</summary>
[Integration(Stage.Destroys)]
public sealed class AspireAbsentTests
{
    [Fact(Skip = "Aspire's packages are not on this feed")]
    public void TheFarmOnAspire() { }
}
#endif
