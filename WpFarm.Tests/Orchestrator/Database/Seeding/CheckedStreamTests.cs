using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Tests.Orchestrator.Database.Seeding;

public sealed class CheckedStreamTests
{
    [Fact]
    public async Task It_does_not_end_when_its_source_has_failed()
    {
        using var source = new MemoryStream([1, 2, 3]);
        using var stream = new CheckedStream(source, () => throw new IOException("it broke off"));
        using var taken = new MemoryStream();

        var failure = await Assert.ThrowsAsync<IOException>(() => stream.CopyToAsync(taken, TestContext.Current.CancellationToken));

        Assert.Equal("it broke off", failure.Message);
        Assert.Equal([1, 2, 3], taken.ToArray());
    }
}
