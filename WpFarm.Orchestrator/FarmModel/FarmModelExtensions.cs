using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Orchestrator.FarmModel;

internal static class FarmModelExtensions
{
    /// <summary>Registers the <see cref="Farm"/>: the same model that the host started the containers from.</summary>
    public static void AddFarmModel(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton(services => Load(services.GetRequiredService<IOptions<FarmSettings>>().Value));

    private static Farm Load(FarmSettings options)
    {
        var read = FarmFileReader.Read(File.ReadAllText(options.File), new Dictionary<string, string>());
        if (read.Options is null)
            throw new OptionsValidationException(
                nameof(FarmSettings.File),
                typeof(FarmSettings),
                read.Problems.Select(problem => $"{options.File}: {problem}")
            );
        var missing = UpstreamImages.All.Where(image => options.MissingImages.Contains(image.Reference)).ToHashSet();
        return Topology.Farm.Build(read.Options, missing);
    }
}
