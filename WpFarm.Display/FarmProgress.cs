using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>Shows work that takes longer than a person waits without a sign: live on a terminal, in lines elsewhere.</summary>
public static class FarmProgress
{
    public static Task<T> ShowAsync<T>(Func<IFarmProgress, Task<T>> work) =>
        Terminal.IsInteractive ? LiveProgress.ShowAsync(work) : work(new PlainProgress(Console.Error, TimeProvider.System));
}
