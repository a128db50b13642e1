using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Tests.Display;

public sealed class CommandGuardTests
{
    [Fact]
    public async Task A_command_that_ends_keeps_its_exit_code() => Assert.Equal(5, await RunAsync(() => 5));

    [Fact]
    public async Task Invalid_input_and_a_failed_operation_have_different_exit_codes()
    {
        Assert.Equal(ExitCode.BadInput, await RunAsync(() => throw new InvalidInputException("farm.json: sites: has none.")));
        Assert.Equal(ExitCode.Failed, await RunAsync(() => throw new OperationFailedException("redis-1: does not start.")));
    }

    [Fact]
    public async Task Ctrl_C_has_the_exit_code_of_shells_and_any_other_cancellation_is_an_error()
    {
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, await RunAsync(() => throw new OperationCanceledException(), interrupted.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(() => throw new OperationCanceledException()));
    }

    private static Task<int> RunAsync(Func<int> command, CancellationToken cancel = default) =>
        CommandGuard.RunAsync(() => Task.FromResult(command()), cancel);
}
