using Microsoft.Extensions.Options;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Orchestrator.FarmModel;

internal static class FarmModelExtensions
{
    /// <summary>Makes the <see cref="Farm"/> a service: the same model that the host started the containers from.</summary>
    public static void AddFarmModel(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<FarmModelOptions>()
            .BindConfiguration("Farm")
            .ValidateDataAnnotations()
            .Validate(options => File.Exists(options.File), "Farm:File names a file that does not exist.")
            .ValidateOnStart();
        builder.Services.AddSingleton(services => Load(services.GetRequiredService<IOptions<FarmModelOptions>>().Value));
    }

    private static Farm Load(FarmModelOptions options)
    {
        var read = FarmFileReader.Read(File.ReadAllText(options.File), new Dictionary<string, string>());
        if (read.Options is null)
            throw new OptionsValidationException(
                nameof(FarmModelOptions.File),
                typeof(FarmModelOptions),
                read.Problems.Select(problem => $"{options.File}: {problem}")
            );
        var missing = UpstreamImages.All.Where(image => options.MissingImages.Contains(image.Reference)).ToHashSet();
        return Topology.Farm.Build(read.Options, missing);
    }
}
