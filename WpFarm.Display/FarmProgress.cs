using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>Shows the progress of long work: live on a terminal, as lines elsewhere.</summary>
public static class FarmProgress
{
    public static Task<T> ShowAsync<T>(Func<IFarmProgress, Task<T>> work) =>
        Terminal.IsInteractive ? LiveProgress.ShowAsync(work) : work(new PlainProgress(Console.Error, TimeProvider.System));
}
