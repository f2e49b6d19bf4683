"""The page of options names every option of the authors' programs, and settings that exist."""

from pathlib import Path

import pytest

import talkingface.models.rhythmic_head_motion as rhythmic
from talkingface.data.datasets.method_settings import RhythmicDatasetSettings
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings
from tests.options_page import OptionsPage
from tests.recipes import resolved_of

PAGE = OptionsPage(rhythmic, {"model": RhythmicSettings, "dataset": RhythmicDatasetSettings})
NAMES = """
name checkpoints_dir which_epoch gpu_ids batchSize nThreads loadSize fineSize dataroot
dataset_mode dataset_name ngf n_downsample_G norm_G conv_ks embed_ks spade_ks netS
adaptive_spade no_adaptive_embed n_adaptive_layers n_fc_layers n_frames_G n_frames_per_gpu nff
n_downsample_F n_blocks_F norm_F flow_multiplier flow_deconv spade_combine n_sc_layers sc_arch
add_raw_loss n_shot n_downsample_A warp_ref warp_ani use_new no_warp no_atten transfer_initial
audio_drive which_model_netD netD_subarch num_D n_layers_D ndf norm_D gan_mode lambda_feat
lambda_vgg lambda_flow lambda_weight lambda_temp face_l1 mask_l1 use_weight_loss no_flow_gt
no_vgg_loss no_ganFeat_loss lr beta1 beta2 no_TTUR init_type init_variance niter niter_decay
niter_single niter_step display_freq print_freq save_latest_freq save_epoch_freq continue_train
load_pretrain label_nc input_nc aspect_ratio no_upper_face crop_ref no_head_motion
find_largest_mouth worst_ref_prob ref_ratio how_many ref_img_id example evaluate finetune
finetune_shot ref_ani_id tgt_ids swith_identity use_label_ref res_for_ref adaptive_conv
origin_ref_select rt_encode audio_encode rt_decode drop
"""


def test_every_option_stands_in_one_row() -> None:
    assert sorted(PAGE.named(r"`--(\w+)`")) == sorted(NAMES.split())


@pytest.mark.parametrize("setting", PAGE.settings)
def test_a_setting_that_the_page_names_is_there(setting: str) -> None:
    PAGE.default_of(setting)


def test_defaults_are_those_that_the_page_states() -> None:
    stated = PAGE.stated_defaults()
    assert len(stated) >= 25
    assert {setting: str(PAGE.default_of(setting)) for setting in stated} == stated


def test_the_recipe_for_one_person_can_be_trained(tmp_path: Path) -> None:
    recipe = PAGE.text.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "me.yaml").write_text(recipe)
    settings = resolved_of(str(tmp_path / "me.yaml")).settings
    (stage,) = settings.train.stages
    assert stage.phases == ("personal", "discriminator")
    assert settings.train.loss_weights["features"] == 10  # all else is as the authors have it
