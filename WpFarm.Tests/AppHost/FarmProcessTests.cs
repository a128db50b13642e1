using WpFarm.AppHost;

namespace WpFarm.Tests.AppHost;

public sealed class FarmProcessTests
{
    [Fact]
    public async Task The_exit_code_is_that_of_the_command() =>
        Assert.Equal(7, await FarmProcess.RunAsync("sh", ["-c", "exit $(($1 + $2))", "farm", "3", "4"]));
}
