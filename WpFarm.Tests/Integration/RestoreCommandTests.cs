using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Orders that are invalid, or that cannot be carried out.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class RestoreCommandTests(SharedFarm farm) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await SharedFarm.EventuallyAsync("there is a backup", () => farm.RecoversAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(2, "say one of", "restore")]
    [InlineData(2, "is not a moment", "restore", "--to", "yesterday")]
    [InlineData(2, "is not a GTID", "restore", "--gtid", "1-2")]
    [InlineData(1, "later than the last recoverable moment", "restore", "--to", "2099-01-01T00:00:00Z")]
    [InlineData(1, "No full backup is older than", "restore", "--to", "2001-01-01T00:00:00Z")]
    [InlineData(2, "there is no such backup", "backup", "show", "20010101T000000Z-full-x-000000")]
    [InlineData(2, "nobody is there to ask", "restore", "--latest")]
    public async Task What_cannot_be_is_refused_with_the_reason(int exitCode, string reason, params string[] arguments)
    {
        var (code, output) = await farm.CommandAsync(arguments);

        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
    }
}
