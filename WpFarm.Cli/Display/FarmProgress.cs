using WpFarm.Deployment.Reporting;

namespace WpFarm.Cli.Display;

/// <summary>Shows work that takes longer than a person waits without a sign: live on a terminal, in lines elsewhere.</summary>
internal static class FarmProgress
{
    public static Task<T> ShowAsync<T>(Func<IFarmProgress, Task<T>> work) =>
        Terminal.IsInteractive ? LiveProgress.ShowAsync(work) : work(new PlainProgress(Console.Error, TimeProvider.System));
}

/// <summary>For commands that are done before one could look.</summary>
internal sealed class NoProgress : IFarmProgress
{
    public void Begin(string step) { }

    public void Report(string subject, string state) { }

    public void Services(IReadOnlyList<ServiceReport> services) { }
}
