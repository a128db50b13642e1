using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Instance;

/// <summary>The folder that holds <c>images/</c> and the sources.</summary>
public static class RepositoryRoot
{
    /// <returns>The nearest folder above the program that holds WpFarm.sln.</returns>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "WpFarm.sln")))
                return folder.FullName;
        throw new InvalidInputException(
            "WpFarm.sln was not found in any folder above the program. Run ./farm from a clone of the repository."
        );
    }
}
