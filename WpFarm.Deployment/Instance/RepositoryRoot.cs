using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Instance;

/// <summary>Where <c>images/</c> and the sources are.</summary>
public static class RepositoryRoot
{
    /// <returns>The nearest folder above the program that holds WpFarm.sln.</returns>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "WpFarm.sln")))
                return folder.FullName;
        throw new InvalidInputException(
            "The folder with WpFarm.sln was not found above the program: run ./farm from a clone of the repository."
        );
    }
}
